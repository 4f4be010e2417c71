namespace Emulator.Kvm;

/// <summary>What of the system and of VMs depends on the guests' instruction set.</summary>
internal abstract class GuestArchitecture
{
    /// <summary>Width of a guest physical address.</summary>
    public abstract int AddressBits { get; }

    /// <summary>The one of a public name; null when there is none.</summary>
    public static GuestArchitecture? Of(KvmArchitecture architecture) => architecture switch
    {
        KvmArchitecture.X86 => new X86Architecture(),
        KvmArchitecture.RiscV64 => new RiscV64Architecture(),
        KvmArchitecture.RiscV32 => new RiscV32Architecture(),
        _ => null,
    };

    /// <summary>KVM_CHECK_EXTENSION.</summary>
    public int Extension(KvmCapability capability) => capability switch
    {
        KvmCapability.UserMemory or KvmCapability.MpState or KvmCapability.DestroyMemoryRegionWorks or KvmCapability.JoinMemoryRegionsWorks or KvmCapability.ReadonlyMem
            or KvmCapability.ImmediateExit => 1,

        // As in KVM, the routes exist without an interrupt chip in the kernel, and no call can set one.
        KvmCapability.IrqRouting => 1,
        KvmCapability.NrVcpus => Math.Min(Environment.ProcessorCount, KvmVm.MaxVcpus),
        KvmCapability.MaxVcpus or KvmCapability.MaxVcpuId => KvmVm.MaxVcpus,
        KvmCapability.NrMemslots => KvmVm.MemorySlots,
        _ => HasOwn(capability) ? 1 : capability == KvmCapability.VmGpaBits && HasGpaBits ? AddressBits : 0,
    };

    /// <summary>What the vCPUs of a VM share.</summary>
    public virtual GeneratedMachine CreateMachine() => new(AddressBits);

    /// <summary>Makes a vCPU of a machine this made.</summary>
    public abstract KvmVcpu CreateVcpu(KvmVm vm, GeneratedMachine machine, int id, KvmBackend backend);

    /// <summary>KVM_GET_MSR_INDEX_LIST: all of them.</summary>
    public virtual ReadOnlySpan<uint> MsrIndices() => throw Missing("KVM_GET_MSR_INDEX_LIST");

    /// <summary>KVM_GET_SUPPORTED_CPUID: all of it.</summary>
    public virtual ReadOnlySpan<KvmCpuidEntry2> SupportedCpuid() => throw Missing("KVM_GET_SUPPORTED_CPUID");

    /// <summary>KVM_SET_TSS_ADDR: whether the address may be set.</summary>
    public virtual void CheckTssAddr(ulong address) => throw Missing("KVM_SET_TSS_ADDR");

    /// <summary>Whether a capability of its own exists.</summary>
    protected virtual bool HasOwn(KvmCapability capability) => false;

    /// <summary>Whether the width of addresses is told.</summary>
    protected virtual bool HasGpaBits => false;

    private static KvmException Missing(string call) => new(Errno.EINVAL, call, "guests of this instruction set have no such call", "see docs/kvm.md for those they have");
}
