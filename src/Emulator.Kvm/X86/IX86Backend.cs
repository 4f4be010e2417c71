namespace Emulator.Kvm;

/// <summary>What stands behind a vCPU of x86.</summary>
/// <inheritdoc cref="IVcpuBackend" path="/remarks"/>
public interface IX86Backend : IVcpuBackend
{
    /// <summary>RFLAGS.IF.</summary>
    bool InterruptFlag { get; }

    /// <summary>Whether an interrupt would be taken before the next instruction: IF is set, nothing holds interrupts back, no other event is pending.</summary>
    bool IsWindowOpen { get; }

    /// <summary>The external interrupt queued; -1 for none.</summary>
    int QueuedInterrupt { get; set; }

    /// <summary>Executes at most so many instructions, delivering what is queued first.</summary>
    /// <param name="instructions">The most instructions.</param>
    /// <param name="untilWindow">True also ends it once <see cref="IsWindowOpen"/> holds.</param>
    BackendExit Run(long instructions, bool untilWindow);

    /// <summary>Latches a non-maskable interrupt.</summary>
    void RaiseNmi();

    /// <summary>The general registers.</summary>
    KvmRegs GetRegs();

    /// <inheritdoc cref="GetRegs"/>
    void SetRegs(in KvmRegs regs);

    /// <summary>Fills in what the processor has of the special registers.</summary>
    void GetSregs(ref KvmSregs sregs);

    /// <summary>Loads the special registers as they are. Says what is wrong with them, in which case nothing changes; null when they are loaded.</summary>
    string? SetSregs(in KvmSregs sregs);

    /// <summary>Reads a model-specific register; false when it does not exist.</summary>
    bool ReadMsr(uint index, out ulong value);

    /// <summary>Writes a model-specific register; false when it does not exist or cannot have the value.</summary>
    bool WriteMsr(uint index, ulong value);

    /// <summary>What CPUID tells from now on.</summary>
    void SetCpuid(CpuidTable table);
}
