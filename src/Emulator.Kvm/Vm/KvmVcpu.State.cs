
namespace Emulator.Kvm;

public sealed unsafe partial class KvmVcpu
{
    private const int MaxCpuidEntries = 256;
    private const uint Vectors = 256;
    private const ushort InitialFcw = 0x37F;
    private const uint InitialMxcsr = 0x1F80;

    private KvmFpu _fpu;
    private CpuidTable _cpuid = CpuidTable.Empty;

    /// <inheritdoc/>
    public KvmRegs GetRegs()
    {
        lock (_lock)
        {
            return Backend.GetRegs();
        }
    }

    /// <inheritdoc/>
    public void SetRegs(in KvmRegs regs)
    {
        lock (_lock)
        {
            Backend.SetRegs(regs);
        }
    }

    /// <inheritdoc/>
    public KvmSregs GetSregs()
    {
        lock (_lock)
        {
            var sregs = new KvmSregs { Cr8 = _cr8, ApicBase = _apicBase };
            Backend.GetSregs(ref sregs);
            return sregs;
        }
    }

    /// <inheritdoc/>
    public void SetSregs(in KvmSregs sregs)
    {
        lock (_lock)
        {
            string? problem = null;
            var loaded = sregs;
            _vm.Exclusively(() => problem = Backend.SetSregs(loaded));
            if (problem != null)
                throw new KvmException(Errno.EINVAL, "KVM_SET_SREGS", problem, "begin with what KVM_GET_SREGS gives, and see docs/kvm.md");
            _run->Cr8 = _cr8 = sregs.Cr8 & 0xF;
            _apicBase = sregs.ApicBase;
        }
    }

    /// <inheritdoc/>
    public KvmFpu GetFpu()
    {
        lock (_lock)
        {
            return _fpu;
        }
    }

    /// <inheritdoc/>
    public void SetFpu(in KvmFpu fpu)
    {
        lock (_lock)
        {
            _fpu = fpu;
        }
    }

    /// <inheritdoc/>
    public int GetMsrs(Span<KvmMsrEntry> entries)
    {
        lock (_lock)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (!Backend.ReadMsr(entries[i].Index, out entries[i].Data))
                    return i;
            }

            return entries.Length;
        }
    }

    /// <inheritdoc/>
    public int SetMsrs(ReadOnlySpan<KvmMsrEntry> entries)
    {
        lock (_lock)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (!Backend.WriteMsr(entries[i].Index, entries[i].Data))
                    return i;
            }

            return entries.Length;
        }
    }

    /// <inheritdoc/>
    public void SetCpuid2(ReadOnlySpan<KvmCpuidEntry2> entries)
    {
        const string Call = "KVM_SET_CPUID2";
        if (entries.Length > MaxCpuidEntries)
            throw new KvmException(Errno.E2BIG, Call, $"{entries.Length} entries are too many", $"give {MaxCpuidEntries} at most");
        lock (_lock)
        {
            if (_hasRun && !_cpuid.IsSame(entries))
                throw new KvmException(Errno.EINVAL, Call, "the vCPU has run", "set CPUID before the first KVM_RUN");
            _cpuid = new CpuidTable(entries);
            Backend.SetCpuid(_cpuid);
        }
    }

    /// <inheritdoc/>
    public KvmMpState GetMpState() => KvmMpState.Runnable;

    /// <inheritdoc/>
    public void SetMpState(KvmMpState state)
    {
        // The other states are those of an interrupt chip in the kernel.
        if (state != KvmMpState.Runnable)
            throw new KvmException(Errno.EINVAL, "KVM_SET_MP_STATE", $"without an interrupt chip a vCPU cannot be {state}", "use KVM_MP_STATE_RUNNABLE");
    }

    /// <inheritdoc/>
    public void Interrupt(uint vector)
    {
        if (vector >= Vectors)
            throw new KvmException(Errno.EINVAL, "KVM_INTERRUPT", $"there is no vector {vector}", "use 0 to 255");
        lock (_lock)
        {
            Backend.QueuedInterrupt = (int)vector;
        }
    }

    /// <inheritdoc/>
    public void Nmi()
    {
        lock (_lock)
        {
            Backend.RaiseNmi();
        }
    }

    /// <inheritdoc/>
    public int Ioctl(uint request, void* argument)
    {
        try
        {
            return Dispatch(request, argument);
        }
        catch (KvmException e)
        {
            return -(int)e.Errno;
        }
    }

    private int Dispatch(uint request, void* argument)
    {
        switch (request)
        {
            case KvmRequest.Run:
                return (nint)argument != 0 ? -(int)Errno.EINVAL : Run() ? 0 : -(int)Errno.EINTR;
            case KvmRequest.Nmi:
                Nmi();
                return 0;
            case KvmRequest.GetRegs:
                *KvmIoctl.NotNull<KvmRegs>(argument, "KVM_GET_REGS") = GetRegs();
                return 0;
            case KvmRequest.SetRegs:
                SetRegs(*KvmIoctl.NotNull<KvmRegs>(argument, "KVM_SET_REGS"));
                return 0;
            case KvmRequest.GetSregs:
                *KvmIoctl.NotNull<KvmSregs>(argument, "KVM_GET_SREGS") = GetSregs();
                return 0;
            case KvmRequest.SetSregs:
                SetSregs(*KvmIoctl.NotNull<KvmSregs>(argument, "KVM_SET_SREGS"));
                return 0;
            case KvmRequest.GetFpu:
                *KvmIoctl.NotNull<KvmFpu>(argument, "KVM_GET_FPU") = GetFpu();
                return 0;
            case KvmRequest.SetFpu:
                SetFpu(*KvmIoctl.NotNull<KvmFpu>(argument, "KVM_SET_FPU"));
                return 0;
            case KvmRequest.Interrupt:
                Interrupt(*KvmIoctl.NotNull<uint>(argument, "KVM_INTERRUPT"));
                return 0;
            case KvmRequest.GetMpState:
                *KvmIoctl.NotNull<KvmMpState>(argument, "KVM_GET_MP_STATE") = GetMpState();
                return 0;
            case KvmRequest.SetMpState:
                SetMpState(*KvmIoctl.NotNull<KvmMpState>(argument, "KVM_SET_MP_STATE"));
                return 0;
            case KvmRequest.GetMsrs:
                var reads = KvmIoctl.NotNull<uint>(argument, "KVM_GET_MSRS");
                return GetMsrs(new Span<KvmMsrEntry>(reads + 2, MsrCount(*reads, "KVM_GET_MSRS")));
            case KvmRequest.SetMsrs:
                var writes = KvmIoctl.NotNull<uint>(argument, "KVM_SET_MSRS");
                return SetMsrs(new ReadOnlySpan<KvmMsrEntry>(writes + 2, MsrCount(*writes, "KVM_SET_MSRS")));
            case KvmRequest.SetCpuid2:
                // struct kvm_cpuid2: the number of entries, padding, the entries.
                var count = KvmIoctl.NotNull<uint>(argument, "KVM_SET_CPUID2");
                SetCpuid2(new ReadOnlySpan<KvmCpuidEntry2>(count + 2, (int)Math.Min(*count, MaxCpuidEntries + 1)));
                return 0;
            case KvmRequest.SetSignalMask:
                SetSignalMask(argument == null ? null : MaskOf((uint*)argument));
                return 0;
            default:
                throw new KvmException(Errno.EINVAL, $"ioctl 0x{request:x}", "a vCPU does not know it", "see docs/kvm.md");
        }
    }

    /// <summary>struct kvm_signal_mask: the size of the kernel's sigset_t (8), then the set.</summary>
    private static ulong MaskOf(uint* mask)
        => *mask == sizeof(ulong) ? *(ulong*)(mask + 1) : throw new KvmException(Errno.EINVAL, "KVM_SET_SIGNAL_MASK", $"a set of {*mask} bytes", "give 8 bytes");

    /// <summary>struct kvm_msrs: the number of entries, padding, the entries; fewer than 256 as in KVM.</summary>
    private static int MsrCount(uint count, string call)
        => count < 256 ? (int)count : throw new KvmException(Errno.E2BIG, call, $"{count} entries are too many", "give 255 at most");

    private void ResetFpu() => _fpu = new KvmFpu { Fcw = InitialFcw, Mxcsr = InitialMxcsr };
}
