namespace Emulator.Kvm;

/// <summary>What stands behind a vCPU of any instruction set: a processor with its state, which leaves to its client for every access the machine does not answer.</summary>
/// <remarks>All but <see cref="Stop"/> are called by one thread at a time; what executes instructions only while the VM's other vCPUs do not.</remarks>
public interface IVcpuBackend : IDisposable
{
    /// <summary>What <see cref="BackendExit.Access"/> is about.</summary>
    GuestAccess Access { get; }

    /// <summary>Whether the next run begins with an instruction that an exit left half-way, or with further writes of it.</summary>
    bool IsIncomplete { get; }

    /// <summary>Completes the instruction of an <see cref="BackendExit.Access"/> that was a read, with the client's data, or tells the next of its writes.</summary>
    /// <param name="data">The data of the read.</param>
    BackendExit Complete(ulong data);

    /// <summary>Makes a run return soon; from any thread.</summary>
    void Stop();

    /// <summary>Forgets code decoded from memory that was changed behind the machine's back.</summary>
    void DropCode();
}
