
namespace Emulator.Kvm;

/// <summary>The system object: makes virtual machines in KVM's words, on a machine generated from a description.</summary>
/// <remarks>Every failure is a <see cref="KvmException"/> with KVM's errno. Any thread may call it.</remarks>
public sealed unsafe class Kvm : IKvm
{
    private const int ApiVersion = 12, MappingSize = 12288;
    private const uint Extended = 0x8000_0000;

    // CPUID leaf 7 is the only one of the description that tells leaves apart by ECX.
    private const uint StructuredFeatures = 7;

    private static readonly Lazy<KvmCpuidEntry2[]> s_cpuid = new(DescribeCpuid);
    private static readonly Lazy<uint[]> s_msrs = new(DescribeMsrs);

    private Kvm(KvmBackend backend) => Backend = backend;

    /// <summary>What executes.</summary>
    public KvmBackend Backend { get; }

    /// <summary>Opens the system: what opening /dev/kvm is to a client.</summary>
    /// <param name="backend">What executes the vCPUs of its VMs.</param>
    public static Kvm Open(KvmBackend backend = KvmBackend.Bare)
    {
        if (!Enum.IsDefined(backend))
            throw new KvmException(Errno.EINVAL, "open", $"there is no backend {backend}", "use one of KvmBackend");
        return new Kvm(backend);
    }

    /// <inheritdoc/>
    public int GetApiVersion() => ApiVersion;

    /// <inheritdoc/>
    public int CheckExtension(KvmCapability capability) => Extension(capability);

    /// <inheritdoc/>
    public int GetVcpuMmapSize() => MappingSize;

    /// <inheritdoc cref="IKvm.CreateVm"/>
    public KvmVm CreateVm() => new(Backend);

    IKvmVm IKvm.CreateVm() => CreateVm();

    /// <inheritdoc/>
    public int GetMsrIndexList(Span<uint> indices)
    {
        var all = s_msrs.Value;
        if (indices.Length < all.Length)
            throw new KvmException(Errno.E2BIG, "KVM_GET_MSR_INDEX_LIST", $"{indices.Length} places are too few", $"give {all.Length}");
        all.CopyTo(indices);
        return all.Length;
    }

    /// <inheritdoc/>
    public int GetSupportedCpuid(Span<KvmCpuidEntry2> entries)
    {
        var all = s_cpuid.Value;
        if (entries.Length < all.Length)
            throw new KvmException(Errno.E2BIG, "KVM_GET_SUPPORTED_CPUID", $"{entries.Length} places are too few", $"give {all.Length}");
        all.CopyTo(entries);
        return all.Length;
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
            case KvmRequest.GetApiVersion:
                return (nint)argument == 0 ? ApiVersion : throw new KvmException(Errno.EINVAL, "KVM_GET_API_VERSION", "it takes no argument", "pass 0");
            case KvmRequest.CheckExtension:
                return Extension((KvmCapability)(nint)argument);
            case KvmRequest.GetVcpuMmapSize:
                return (nint)argument == 0 ? MappingSize : throw new KvmException(Errno.EINVAL, "KVM_GET_VCPU_MMAP_SIZE", "it takes no argument", "pass 0");
            case KvmRequest.GetMsrIndexList:
                // struct kvm_msr_list: the number of places, in and out; then the places.
                var count = KvmIoctl.NotNull<uint>(argument, "KVM_GET_MSR_INDEX_LIST");
                var places = *count;
                *count = (uint)s_msrs.Value.Length;
                GetMsrIndexList(new Span<uint>(count + 1, (int)Math.Min(places, *count)));
                return 0;
            case KvmRequest.GetSupportedCpuid:
                // struct kvm_cpuid2: the number of entries, in and out; padding; then the entries.
                var number = KvmIoctl.NotNull<uint>(argument, "KVM_GET_SUPPORTED_CPUID");
                *number = (uint)GetSupportedCpuid(new Span<KvmCpuidEntry2>(number + 2, (int)Math.Min(*number, (uint)s_cpuid.Value.Length)));
                return 0;
            default:
                throw new KvmException(Errno.EINVAL, $"ioctl 0x{request:x}", "the system does not know it", "see docs/kvm.md");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    internal static int Extension(KvmCapability capability) => capability switch
    {
        KvmCapability.UserMemory or KvmCapability.SetTssAddr or KvmCapability.ExtCpuid or KvmCapability.MpState or KvmCapability.DestroyMemoryRegionWorks
            or KvmCapability.JoinMemoryRegionsWorks or KvmCapability.ReadonlyMem or KvmCapability.ImmediateExit => 1,

        // As in KVM, the routes exist without an interrupt chip in the kernel, and no call can set one.
        KvmCapability.IrqRouting => 1,
        KvmCapability.NrVcpus => Math.Min(Environment.ProcessorCount, KvmVm.MaxVcpus),
        KvmCapability.MaxVcpus or KvmCapability.MaxVcpuId => KvmVm.MaxVcpus,
        KvmCapability.NrMemslots => KvmVm.MemorySlots,
        _ => 0,
    };

    private static KvmCpuidEntry2[] DescribeCpuid()
    {
        using var machine = new GeneratedMachine();
        using var vcpu = new GeneratedVcpu(machine, KvmBackend.Bare);
        var entries = new List<KvmCpuidEntry2>();
        foreach (var first in (uint[])[0, Extended])
        {
            var last = vcpu.Identify(first, 0).Eax;
            for (var leaf = first; leaf <= last; leaf++)
            {
                var entry = vcpu.Identify(leaf, 0);
                entry.Flags = leaf == StructuredFeatures ? KvmCpuidEntry2.SignificantIndex : 0;
                entries.Add(entry);
            }
        }

        return [.. entries];
    }

    /// <summary>The registers RDMSR of the description knows, in the two ranges P6 processors have any in.</summary>
    private static uint[] DescribeMsrs()
    {
        const uint Low = 0x400, High = 0xC000_0000, HighCount = 0x400;
        using var machine = new GeneratedMachine();
        using var vcpu = new GeneratedVcpu(machine, KvmBackend.Bare);
        var indices = new List<uint>();
        for (uint i = 0; i < Low; i++)
            Add(i);
        for (var i = High; i < High + HighCount; i++)
            Add(i);
        return [.. indices];

        void Add(uint index)
        {
            if (vcpu.ReadMsr(index, out _))
                indices.Add(index);
        }
    }
}
