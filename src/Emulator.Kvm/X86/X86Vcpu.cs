namespace Emulator.Kvm;

/// <summary>A vCPU of x86: registers, events, and what its exits tell.</summary>
internal sealed unsafe class X86Vcpu : KvmVcpu
{
    private const uint Vectors = 256;
    private const ushort InitialFcw = 0x37F;
    private const uint InitialMxcsr = 0x1F80;
    private const ulong ApicBase = 0xFEE0_0800, ApicBaseBsp = 1 << 8;

    private readonly IX86Backend _backend;
    private CpuidTable _cpuid = CpuidTable.Empty;
    private KvmFpu _fpu = new() { Fcw = InitialFcw, Mxcsr = InitialMxcsr };
    private ulong _apicBase;
    private ulong _cr8;

    /// <summary>Makes a vCPU in the reset state.</summary>
    public X86Vcpu(KvmVm vm, int id, IX86Backend backend)
        : base(vm, id, backend)
    {
        _backend = backend;
        _apicBase = ApicBase | (id == 0 ? ApicBaseBsp : 0);
    }

    /// <inheritdoc/>
    public override KvmRegs GetRegs()
    {
        lock (Sync)
        {
            return _backend.GetRegs();
        }
    }

    /// <inheritdoc/>
    public override void SetRegs(in KvmRegs regs)
    {
        lock (Sync)
        {
            _backend.SetRegs(regs);
        }
    }

    /// <inheritdoc/>
    public override KvmSregs GetSregs()
    {
        lock (Sync)
        {
            var sregs = new KvmSregs { Cr8 = _cr8, ApicBase = _apicBase };
            _backend.GetSregs(ref sregs);
            return sregs;
        }
    }

    /// <inheritdoc/>
    public override void SetSregs(in KvmSregs sregs)
    {
        lock (Sync)
        {
            string? problem = null;
            var loaded = sregs;
            Vm.Exclusively(() => problem = _backend.SetSregs(loaded));
            if (problem != null)
                throw new KvmException(Errno.EINVAL, "KVM_SET_SREGS", problem, "begin with what KVM_GET_SREGS gives, and see docs/kvm.md");
            Shared->Cr8 = _cr8 = sregs.Cr8 & 0xF;
            _apicBase = sregs.ApicBase;
        }
    }

    /// <inheritdoc/>
    public override KvmFpu GetFpu()
    {
        lock (Sync)
        {
            return _fpu;
        }
    }

    /// <inheritdoc/>
    public override void SetFpu(in KvmFpu fpu)
    {
        lock (Sync)
        {
            _fpu = fpu;
        }
    }

    /// <inheritdoc/>
    public override int GetMsrs(Span<KvmMsrEntry> entries)
    {
        lock (Sync)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (!_backend.ReadMsr(entries[i].Index, out entries[i].Data))
                    return i;
            }

            return entries.Length;
        }
    }

    /// <inheritdoc/>
    public override int SetMsrs(ReadOnlySpan<KvmMsrEntry> entries)
    {
        lock (Sync)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (!_backend.WriteMsr(entries[i].Index, entries[i].Data))
                    return i;
            }

            return entries.Length;
        }
    }

    /// <inheritdoc/>
    public override void SetCpuid2(ReadOnlySpan<KvmCpuidEntry2> entries)
    {
        const string Call = "KVM_SET_CPUID2";
        if (entries.Length > CpuidTable.MaxEntries)
            throw new KvmException(Errno.E2BIG, Call, $"{entries.Length} entries are too many", $"give {CpuidTable.MaxEntries} at most");
        lock (Sync)
        {
            if (HasRun && !_cpuid.IsSame(entries))
                throw new KvmException(Errno.EINVAL, Call, "the vCPU has run", "set CPUID before the first KVM_RUN");
            _cpuid = new CpuidTable(entries);
            _backend.SetCpuid(_cpuid);
        }
    }

    /// <inheritdoc/>
    public override KvmMpState GetMpState() => KvmMpState.Runnable;

    /// <inheritdoc/>
    public override void SetMpState(KvmMpState state)
    {
        // The other states are those of an interrupt chip in the kernel.
        if (state != KvmMpState.Runnable)
            throw new KvmException(Errno.EINVAL, "KVM_SET_MP_STATE", $"without an interrupt chip a vCPU cannot be {state}", "use KVM_MP_STATE_RUNNABLE");
    }

    /// <inheritdoc/>
    public override void Interrupt(uint vector)
    {
        if (vector >= Vectors)
            throw new KvmException(Errno.EINVAL, "KVM_INTERRUPT", $"there is no vector {vector}", "use 0 to 255");
        lock (Sync)
        {
            _backend.QueuedInterrupt = (int)vector;
        }
    }

    /// <inheritdoc/>
    public override void Nmi()
    {
        lock (Sync)
        {
            _backend.RaiseNmi();
        }
    }

    /// <inheritdoc/>
    private protected override void Enter() => _cr8 = Shared->Cr8;

    /// <inheritdoc/>
    private protected override BackendExit Execute(long instructions) => _backend.Run(instructions, Volatile.Read(ref Shared->RequestInterruptWindow) != 0);

    /// <inheritdoc/>
    private protected override bool Tell(BackendExit exit)
    {
        switch (exit)
        {
            case BackendExit.Halt:
                Shared->ExitReason = KvmExitReason.Hlt;
                break;
            case BackendExit.Shutdown:
                Shared->ExitReason = KvmExitReason.Shutdown;
                break;
            case BackendExit.WindowOpen:
                Shared->ExitReason = KvmExitReason.IrqWindowOpen;
                break;
            default:
                TellError(exit == BackendExit.FetchFailure ? KvmInternalError.Emulation : KvmInternalError.DeliveryEvent);
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    private protected override void TellState()
    {
        Shared->IfFlag = (byte)(_backend.InterruptFlag ? 1 : 0);
        Shared->ReadyForInterruptInjection = (byte)(_backend.IsWindowOpen ? 1 : 0);
        Shared->Cr8 = _cr8;
        Shared->ApicBase = _apicBase;
    }
}
