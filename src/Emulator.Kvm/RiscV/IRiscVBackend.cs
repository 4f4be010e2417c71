namespace Emulator.Kvm;

/// <summary>What stands behind a vCPU of RISC-V: a hart in supervisor and user mode.</summary>
/// <inheritdoc cref="IVcpuBackend" path="/remarks"/>
public interface IRiscVBackend : IVcpuBackend
{
    /// <summary>Width of the integer registers.</summary>
    int Xlen { get; }

    /// <summary>The letters of misa, A at bit 0.</summary>
    ulong Extensions { get; }

    /// <summary>Whether the hart waits for an interrupt (WFI).</summary>
    bool IsWaiting { get; set; }

    /// <summary>The interrupts pending, as sip has them: software, timer, external (bits 1, 5, 9).</summary>
    ulong Pending { get; set; }

    /// <summary>Whether an interrupt is pending that is enabled, taken or not.</summary>
    bool HasInterrupt { get; }

    /// <summary>Whether the hart is in user mode, not in supervisor mode.</summary>
    bool IsUser { get; set; }

    /// <summary>Address of the next instruction.</summary>
    ulong Pc { get; set; }

    /// <summary>Floating-point control and status.</summary>
    uint Fcsr { get; set; }

    /// <summary>Executes at most so many instructions.</summary>
    BackendExit Run(long instructions);

    /// <summary>Reads an integer register (0 to 31).</summary>
    ulong ReadX(int register);

    /// <summary>Writes an integer register; bits above its width are dropped.</summary>
    void WriteX(int register, ulong value);

    /// <summary>Reads a floating-point register (0 to 31).</summary>
    ulong ReadF(int register);

    /// <summary>Writes a floating-point register.</summary>
    void WriteF(int register, ulong value);

    /// <summary>Reads a control and status register of supervisor mode by its number.</summary>
    ulong ReadCsr(int number);

    /// <summary>Writes one as an instruction would: what the register cannot have is dropped.</summary>
    void WriteCsr(int number, ulong value);

    /// <summary>Reads a word (XLEN bits) of the guest's memory as a load of its kernel would. False when that faults: the fault is delivered to the guest.</summary>
    bool ReadGuest(ulong address, out ulong value);

    /// <summary>Puts the hart into the state its kernel is started in.</summary>
    void Reset();

    /// <summary>Drops cached translations.</summary>
    void FlushTranslations();
}
