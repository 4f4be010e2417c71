namespace Emulator.Kvm;

// All calls there are. Those that an instruction set does not have fail, as those of the kernel for another architecture do.
public abstract unsafe partial class KvmVcpu
{
    /// <inheritdoc/>
    public virtual KvmRegs GetRegs() => throw Missing("KVM_GET_REGS");

    /// <inheritdoc/>
    public virtual void SetRegs(in KvmRegs regs) => throw Missing("KVM_SET_REGS");

    /// <inheritdoc/>
    public virtual KvmSregs GetSregs() => throw Missing("KVM_GET_SREGS");

    /// <inheritdoc/>
    public virtual void SetSregs(in KvmSregs sregs) => throw Missing("KVM_SET_SREGS");

    /// <inheritdoc/>
    public virtual KvmFpu GetFpu() => throw Missing("KVM_GET_FPU");

    /// <inheritdoc/>
    public virtual void SetFpu(in KvmFpu fpu) => throw Missing("KVM_SET_FPU");

    /// <inheritdoc/>
    public virtual int GetMsrs(Span<KvmMsrEntry> entries) => throw Missing("KVM_GET_MSRS");

    /// <inheritdoc/>
    public virtual int SetMsrs(ReadOnlySpan<KvmMsrEntry> entries) => throw Missing("KVM_SET_MSRS");

    /// <inheritdoc/>
    public virtual void SetCpuid2(ReadOnlySpan<KvmCpuidEntry2> entries) => throw Missing("KVM_SET_CPUID2");

    /// <inheritdoc/>
    public virtual ulong GetOneReg(ulong id) => throw Missing("KVM_GET_ONE_REG");

    /// <inheritdoc/>
    public virtual void SetOneReg(ulong id, ulong value) => throw Missing("KVM_SET_ONE_REG");

    /// <inheritdoc/>
    public virtual int GetRegList(Span<ulong> ids) => throw Missing("KVM_GET_REG_LIST");

    /// <inheritdoc/>
    public abstract KvmMpState GetMpState();

    /// <inheritdoc/>
    public abstract void SetMpState(KvmMpState state);

    /// <inheritdoc/>
    public abstract void Interrupt(uint vector);

    /// <inheritdoc/>
    public virtual void Nmi() => throw Missing("KVM_NMI");

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

    private static KvmException Missing(string call) => new(Errno.EINVAL, call, "vCPUs of this instruction set have no such call", "see docs/kvm.md for those they have");

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
                SetCpuid2(new ReadOnlySpan<KvmCpuidEntry2>(count + 2, (int)Math.Min(*count, CpuidTable.MaxEntries + 1)));
                return 0;
            case KvmRequest.SetSignalMask:
                SetSignalMask(argument == null ? null : MaskOf((uint*)argument));
                return 0;
            case KvmRequest.GetOneReg:
                var read = *KvmIoctl.NotNull<KvmOneReg>(argument, "KVM_GET_ONE_REG");
                KvmOneReg.Store(read.Id, read.Addr, GetOneReg(read.Id));
                return 0;
            case KvmRequest.SetOneReg:
                var written = *KvmIoctl.NotNull<KvmOneReg>(argument, "KVM_SET_ONE_REG");
                SetOneReg(written.Id, KvmOneReg.Load(written.Id, written.Addr));
                return 0;
            case KvmRequest.GetRegList:
                return RegList(KvmIoctl.NotNull<ulong>(argument, "KVM_GET_REG_LIST"));
            default:
                throw new KvmException(Errno.EINVAL, $"ioctl 0x{request:x}", "a vCPU does not know it", "see docs/kvm.md");
        }
    }

    /// <summary>struct kvm_reg_list: the number of places, in, and of registers, out; then the places.</summary>
    private int RegList(ulong* list)
    {
        var places = *list;
        *list = (ulong)GetRegList([]);
        if (places < *list)
            return -(int)Errno.E2BIG;
        GetRegList(new Span<ulong>(list + 1, (int)*list));
        return 0;
    }

    /// <summary>struct kvm_signal_mask: the size of the kernel's sigset_t (8), then the set.</summary>
    private static ulong MaskOf(uint* mask)
        => *mask == sizeof(ulong) ? *(ulong*)(mask + 1) : throw new KvmException(Errno.EINVAL, "KVM_SET_SIGNAL_MASK", $"a set of {*mask} bytes", "give 8 bytes");

    /// <summary>struct kvm_msrs: the number of entries, padding, the entries; fewer than 256 as in KVM.</summary>
    private static int MsrCount(uint count, string call)
        => count < 256 ? (int)count : throw new KvmException(Errno.E2BIG, call, $"{count} entries are too many", "give 255 at most");
}
