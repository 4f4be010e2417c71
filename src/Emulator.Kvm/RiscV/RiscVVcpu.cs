namespace Emulator.Kvm;

/// <summary>A vCPU of RISC-V: interrupts, timer, power. Its registers and the SBI calls it answers are in the other parts.</summary>
internal sealed unsafe partial class RiscVVcpu : KvmVcpu
{
    // Bits of sip.
    private const ulong Software = 1 << 1, TimerBit = 1 << 5, External = 1 << 9;

    private readonly IRiscVBackend _backend;
    private readonly RiscVMachine _machine;
    private readonly RiscVTimer _timer;
    private readonly Lock _outside = new();
    private ulong _levels;
    private ulong _changed;
    private (ulong Pc, ulong Opaque)? _start;
    private bool _fence;
    private volatile KvmMpState _state;

    /// <summary>Makes a vCPU; the first of a VM runs, the others are powered off.</summary>
    public RiscVVcpu(KvmVm vm, RiscVMachine machine, int id, IRiscVBackend backend)
        : base(vm, id, backend)
    {
        _backend = backend;
        _machine = machine;
        _timer = new RiscVTimer(machine);
        _state = vm.HasVcpus ? KvmMpState.Stopped : KvmMpState.Runnable;
        _configuration = new RiscVConfiguration(backend);
    }

    /// <inheritdoc/>
    public override KvmMpState GetMpState() => _state;

    /// <inheritdoc/>
    public override void SetMpState(KvmMpState state)
    {
        if (state is not (KvmMpState.Runnable or KvmMpState.Stopped))
            throw new KvmException(Errno.EINVAL, "KVM_SET_MP_STATE", $"a vCPU of RISC-V cannot be {state}", "use KVM_MP_STATE_RUNNABLE or KVM_MP_STATE_STOPPED");
        lock (Sync)
        {
            _state = state;
        }
    }

    /// <inheritdoc/>
    public override void Interrupt(uint vector) => SetLine(External, vector == KvmRiscV.InterruptSet);

    /// <inheritdoc/>
    private protected override void Enter()
    {
        if (_forwardedAt is { } pc)
        {
            _forwardedAt = null;
            if (_backend.Pc == pc)
                Return(Shared->RiscVSbi.Ret[0], Shared->RiscVSbi.Ret[1]);
        }
    }

    /// <inheritdoc/>
    private protected override int Prepare()
    {
        TakeInOutside();
        if (_state == KvmMpState.Stopped)
            return -1;
        if (_timer.Expire())
            _backend.Pending |= TimerBit;
        return _backend.IsWaiting && !_backend.HasInterrupt ? _timer.Wait : 0;
    }

    /// <inheritdoc/>
    private protected override BackendExit Execute(long instructions) => _backend.Run(instructions);

    /// <inheritdoc/>
    private protected override bool Tell(BackendExit exit)
    {
        switch (exit)
        {
            case BackendExit.Halt:
                // WFI waits here, as in the kernel.
                return false;
            case BackendExit.Call:
                return Call();
            default:
                TellError(exit == BackendExit.FetchFailure ? KvmInternalError.Emulation : KvmInternalError.DeliveryEvent);
                return true;
        }
    }

    /// <summary>Raises or lowers an interrupt. From any thread.</summary>
    private void SetLine(ulong bit, bool level)
    {
        lock (_outside)
        {
            _changed |= bit;
            _levels = level ? _levels | bit : _levels & ~bit;
        }

        LookAgain();
    }

    /// <summary>Powers it on, to start at an address. From a vCPU that has the machine.</summary>
    private void Start(ulong pc, ulong opaque)
    {
        lock (_outside)
        {
            _start = (pc, opaque);
            _state = KvmMpState.Runnable;
        }

        LookAgain();
    }

    /// <summary>Powers it off. From a vCPU that has the machine.</summary>
    private void PowerOff()
    {
        _state = KvmMpState.Stopped;
        LookAgain();
    }

    /// <summary>Has it drop its translations before its next instruction. From a vCPU that has the machine.</summary>
    private void Fence()
    {
        lock (_outside)
        {
            _fence = true;
        }
    }

    /// <summary>Takes in what others did to the vCPU.</summary>
    private void TakeInOutside()
    {
        lock (_outside)
        {
            if (_start is { } start)
            {
                _start = null;
                _backend.Reset();
                _backend.Pc = start.Pc;
                _backend.WriteX((int)KvmRiscV.A0, (ulong)Id);
                _backend.WriteX((int)KvmRiscV.A1, start.Opaque);
                _timer.Reset();
                _changed = 0;
            }

            if (_changed != 0)
            {
                _backend.Pending = _backend.Pending & ~_changed | _levels & _changed;
                _changed = 0;
            }

            if (_fence)
            {
                _fence = false;
                _backend.FlushTranslations();
            }
        }
    }
}
