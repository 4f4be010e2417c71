namespace Emulator.Kvm;

internal sealed unsafe partial class RiscVVcpu
{
    private const int A0 = 10, A6 = 16, A7 = 17;
    private const ulong CallLength = 4;

    // Where a call was made that waits for the client's answer.
    private ulong? _forwardedAt;

    private ulong AllOnes => ulong.MaxValue >> (64 - _backend.Xlen);

    /// <summary>Answers the call the guest's kernel makes, or (true) tells the client of it.</summary>
    private bool Call()
    {
        var extension = _backend.ReadX(A7);
        if (!IsOn(extension))
            return Return(Sbi.NotSupported);
        var function = _backend.ReadX(A6);
        return extension switch
        {
            <= Sbi.LegacyShutdown => CallLegacy(extension),
            Sbi.Base => CallBase(function),
            Sbi.Time => function == 0 ? SetTimerTo(Argument(0), Argument(1)) : Return(Sbi.InvalidParam),
            Sbi.Ipi => function == 0 ? Return(SendIpi(Argument(0), Argument(1))) : Return(Sbi.NotSupported),
            Sbi.Rfence => CallFence(function),
            Sbi.Hsm => CallHsm(function),
            Sbi.Reset => CallReset(function),
            Sbi.DebugConsole => function <= 2 ? Forward() : Return(Sbi.NotSupported),
            _ => Forward(),
        };
    }

    private ulong Argument(int number) => _backend.ReadX(A0 + number);

    private bool IsOn(ulong extension) => Sbi.TryFind(extension, out var known) && (known is not { } number || _configuration.IsOn(number));

    /// <summary>Gives the guest an answer; it goes on.</summary>
    private bool Return(ulong error, ulong value = 0)
    {
        _backend.WriteX(A0 + 1, value);
        return ReturnLegacy(error);
    }

    /// <summary>The same in version 0.1, which has no value beside the error.</summary>
    private bool ReturnLegacy(ulong error)
    {
        _backend.WriteX(A0, error);
        _backend.Pc += CallLength;
        return false;
    }

    /// <summary>Leaves the answer to the client.</summary>
    private bool Forward()
    {
        Shared->ExitReason = KvmExitReason.RiscVSbi;
        ref var sbi = ref Shared->RiscVSbi;
        sbi.ExtensionId = _backend.ReadX(A7);
        sbi.FunctionId = _backend.ReadX(A6);
        for (var i = 0; i < 6; i++)
            sbi.Args[i] = Argument(i);
        sbi.Ret[0] = Sbi.NotSupported;
        sbi.Ret[1] = 0;
        _forwardedAt = _backend.Pc;
        return true;
    }

    /// <summary>Powers off the whole machine, and tells the client why.</summary>
    private bool EndSystem(KvmSystemEventType type, ulong reason)
    {
        foreach (var vcpu in Vm.Vcpus)
            ((RiscVVcpu)vcpu).PowerOff();
        Shared->ExitReason = KvmExitReason.SystemEvent;
        Shared->SystemEvent = new KvmRunSystemEvent { Type = type, Ndata = 1 };
        Shared->SystemEvent.Data[0] = reason;
        return true;
    }

    private bool CallLegacy(ulong number)
    {
        switch (number)
        {
            case Sbi.LegacyPutChar or Sbi.LegacyGetChar:
                return Forward();
            case Sbi.LegacyShutdown:
                return EndSystem(KvmSystemEventType.Shutdown, 0);
            case Sbi.LegacySetTimer:
                StartTimer(Argument(0), Argument(1));
                return ReturnLegacy(Sbi.Success);
            case Sbi.LegacyClearIpi:
                _backend.Pending &= ~Software;
                return ReturnLegacy(Sbi.Success);
        }

        // The argument points to a mask of harts; null means all.
        var (mask, first) = (0ul, AllOnes);
        if (Argument(0) != 0)
        {
            if (!_backend.ReadGuest(Argument(0), out mask))
                return false;
            first = 0;
        }

        if (number == Sbi.LegacySendIpi)
            SendIpi(mask, first);
        else if (number != Sbi.LegacyFenceI)
            FenceHarts(mask, first);
        return ReturnLegacy(Sbi.Success);
    }

    private bool CallBase(ulong function) => function switch
    {
        0 => Return(Sbi.Success, Sbi.Version),
        1 => Return(Sbi.Success, Sbi.Implementation),
        2 => Return(Sbi.Success, Sbi.ImplementationVersion),
        3 => Argument(0) is >= Sbi.Experimental and <= Sbi.VendorEnd && IsOn(Argument(0)) ? Forward() : Return(Sbi.Success, IsOn(Argument(0)) ? 1ul : 0),
        4 => Return(Sbi.Success, _configuration.VendorId),
        5 => Return(Sbi.Success, _configuration.ArchitectureId),
        6 => Return(Sbi.Success, _configuration.ImplementationId),
        _ => Return(Sbi.NotSupported),
    };

    private bool SetTimerTo(ulong low, ulong high)
    {
        StartTimer(low, high);
        return Return(Sbi.Success);
    }

    private void StartTimer(ulong low, ulong high)
    {
        _backend.Pending &= ~TimerBit;
        _timer.Compare = _backend.Xlen == 64 ? low : high << 32 | low;
        _timer.IsOn = true;
    }

    /// <summary>Whether a hart is meant by a mask that begins at some hart; all ones there means every hart.</summary>
    private bool IsMeant(int hart, ulong mask, ulong first)
    {
        var bit = (ulong)hart - first;
        return first == AllOnes || ((ulong)hart >= first && bit < (ulong)_backend.Xlen && (mask >> (int)bit & 1) != 0);
    }

    private ulong SendIpi(ulong mask, ulong first)
    {
        var sent = 0ul;
        foreach (var vcpu in Vm.Vcpus)
        {
            if (!IsMeant(vcpu.Id, mask, first))
                continue;
            ((RiscVVcpu)vcpu).SetLine(Software, level: true);
            sent |= 1ul << (int)((ulong)vcpu.Id - first);
        }

        return first == AllOnes || sent == mask ? Sbi.Success : Sbi.InvalidParam;
    }

    private void FenceHarts(ulong mask, ulong first)
    {
        foreach (var vcpu in Vm.Vcpus)
        {
            if (IsMeant(vcpu.Id, mask, first))
                ((RiscVVcpu)vcpu).Fence();
        }
    }

    private bool CallFence(ulong function)
    {
        // What is written into code is seen at once, so that FENCE.I has nothing to do elsewhere; nor have the fences of the hypervisor extension.
        const ulong FenceI = 0, SfenceVma = 1, SfenceVmaAsid = 2, Last = 6;
        if (function is SfenceVma or SfenceVmaAsid)
            FenceHarts(Argument(0), Argument(1));
        return Return(function is >= FenceI and <= Last ? Sbi.Success : Sbi.NotSupported);
    }

    private bool CallHsm(ulong function)
    {
        const ulong Start = 0, Stop = 1, Status = 2, Suspend = 3, Retentive = 0, NonRetentive = 0x8000_0000;
        switch (function)
        {
            case Start:
                if (Find(Argument(0)) is not { } started)
                    return Return(Sbi.InvalidParam);
                if (started._state != KvmMpState.Stopped)
                    return Return(Sbi.AlreadyAvailable);
                started.Start(Argument(1), Argument(2));
                return Return(Sbi.Success);
            case Stop:
                _state = KvmMpState.Stopped;
                return Return(Sbi.Success);
            case Status:
                return Find(Argument(0)) is { } hart
                    ? Return(Sbi.Success, hart._state == KvmMpState.Stopped ? Sbi.Stopped : hart._backend.IsWaiting ? Sbi.Suspended : Sbi.Started)
                    : Return(Sbi.InvalidParam);
            case Suspend when Argument(0) == Retentive:
                Return(Sbi.Success);
                _backend.IsWaiting = true;
                return false;
            case Suspend:
                return Return(Argument(0) == NonRetentive ? Sbi.NotSupported : Sbi.InvalidParam);
            default:
                return Return(Sbi.NotSupported);
        }
    }

    private bool CallReset(ulong function)
    {
        const ulong Shutdown = 0, Warm = 2;
        var type = (uint)Argument(0);
        if (function != 0 || type > Warm)
            return Return(Sbi.NotSupported);
        return EndSystem(type == Shutdown ? KvmSystemEventType.Shutdown : KvmSystemEventType.Reset, (uint)Argument(1));
    }

    private RiscVVcpu? Find(ulong id)
    {
        foreach (var vcpu in Vm.Vcpus)
        {
            if ((ulong)vcpu.Id == id)
                return (RiscVVcpu)vcpu;
        }

        return null;
    }
}
