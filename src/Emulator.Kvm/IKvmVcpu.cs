namespace Emulator.Kvm;

/// <summary>A virtual processor: registers and a run loop that returns exits.</summary>
/// <remarks>A call that the guest's instruction set does not have is EINVAL, as it is in the kernel of another architecture. Every failure is a <see cref="KvmException"/> with KVM's errno. One thread runs a vCPU; other calls wait while it does, except <see cref="Kick"/> and what is
/// written into <see cref="Shared"/>.</remarks>
public unsafe interface IKvmVcpu : IDisposable
{
    /// <summary>Page 0 of the mapping.</summary>
    KvmRun* Shared { get; }

    /// <summary>All of the mapping (12288 bytes): <see cref="KvmRun"/>, port data at 0x1000, the ring of coalesced writes at 0x2000.</summary>
    Span<byte> Mapping { get; }

    /// <summary>KVM_RUN: completes the instruction of the last exit and goes on to the next exit, told in <see cref="Shared"/>.</summary>
    /// <returns>False for EINTR: <see cref="KvmRun.ImmediateExit"/> was set (the exit reason is then what it was), or a signal was pending (<see cref="KvmExitReason.Intr"/>).</returns>
    bool Run();

    /// <summary>What a signal to the vCPU's thread does: makes the run under way, or the next one, return false. From any thread.</summary>
    void Kick();

    /// <summary>KVM_SET_SIGNAL_MASK: signals that do not end a run, a bit per signal from bit 0 for signal 1; null for none.</summary>
    void SetSignalMask(ulong? blocked);

    /// <summary>KVM_GET_REGS.</summary>
    KvmRegs GetRegs();

    /// <summary>KVM_SET_REGS.</summary>
    void SetRegs(in KvmRegs regs);

    /// <summary>KVM_GET_SREGS.</summary>
    KvmSregs GetSregs();

    /// <summary>KVM_SET_SREGS: a raw load, hidden parts of segment registers included; EINVAL for states a processor cannot be in.</summary>
    void SetSregs(in KvmSregs sregs);

    /// <summary>KVM_GET_FPU.</summary>
    KvmFpu GetFpu();

    /// <summary>KVM_SET_FPU.</summary>
    void SetFpu(in KvmFpu fpu);

    /// <summary>KVM_GET_MSRS: reads in order up to the first that does not exist, and returns how many were read.</summary>
    int GetMsrs(Span<KvmMsrEntry> entries);

    /// <summary>KVM_SET_MSRS: writes in order up to the first that cannot be, and returns how many were written.</summary>
    int SetMsrs(ReadOnlySpan<KvmMsrEntry> entries);

    /// <summary>KVM_SET_CPUID2: what CPUID tells the guest; nothing but zeros before.</summary>
    void SetCpuid2(ReadOnlySpan<KvmCpuidEntry2> entries);

    /// <summary>KVM_GET_ONE_REG: a register by its id, which says how many bits it has; ENOENT when there is none.</summary>
    ulong GetOneReg(ulong id);

    /// <summary>KVM_SET_ONE_REG: what does not fit the register's bits is dropped; EINVAL for a value the register cannot have, EBUSY for one that is fixed once the vCPU has run.</summary>
    void SetOneReg(ulong id, ulong value);

    /// <summary>KVM_GET_REG_LIST: the number of registers, whose ids are filled in where the span has room for all of them.</summary>
    int GetRegList(Span<ulong> ids);

    /// <summary>KVM_GET_MP_STATE.</summary>
    KvmMpState GetMpState();

    /// <summary>KVM_SET_MP_STATE.</summary>
    void SetMpState(KvmMpState state);

    /// <summary>KVM_INTERRUPT. x86: queues an external interrupt, delivered before the first instruction of the next run. RISC-V: raises or lowers the external interrupt
    /// (<see cref="KvmRiscV.InterruptSet"/>, <see cref="KvmRiscV.InterruptUnset"/>), from any thread.</summary>
    void Interrupt(uint vector);

    /// <summary>KVM_NMI.</summary>
    void Nmi();

    /// <summary>Any of these as an ioctl (KVM_RUN included): the result, or a negative error number.</summary>
    int Ioctl(uint request, void* argument);
}
