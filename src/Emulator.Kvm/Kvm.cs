namespace Emulator.Kvm;

/// <summary>The system object: makes virtual machines in KVM's words, on a machine generated from a description.</summary>
/// <remarks>Every failure is a <see cref="KvmException"/> with KVM's errno. Any thread may call it.</remarks>
public sealed unsafe class Kvm : IKvm
{
    private const int ApiVersion = 12, MappingSize = 12288;

    private readonly GuestArchitecture _architecture;

    private Kvm(KvmArchitecture name, GuestArchitecture architecture, KvmBackend backend)
    {
        Architecture = name;
        _architecture = architecture;
        Backend = backend;
    }

    /// <summary>The guests' instruction set.</summary>
    public KvmArchitecture Architecture { get; }

    /// <summary>What executes.</summary>
    public KvmBackend Backend { get; }

    /// <summary>Opens the system for guests of x86: what opening /dev/kvm is to a client.</summary>
    /// <param name="backend">What executes the vCPUs of its VMs.</param>
    public static Kvm Open(KvmBackend backend = KvmBackend.Bare) => Open(KvmArchitecture.X86, backend);

    /// <summary>Opens the system for guests of an instruction set.</summary>
    /// <param name="architecture">The instruction set.</param>
    /// <param name="backend">What executes the vCPUs of its VMs.</param>
    public static Kvm Open(KvmArchitecture architecture, KvmBackend backend = KvmBackend.Bare)
    {
        if (!Enum.IsDefined(backend))
            throw new KvmException(Errno.EINVAL, "open", $"there is no backend {backend}", "use one of KvmBackend");
        var known = GuestArchitecture.Of(architecture) ?? throw new KvmException(Errno.EINVAL, "open", $"there is no architecture {architecture}", "use one of KvmArchitecture");
        if (backend == KvmBackend.Vmx && architecture != KvmArchitecture.X86)
            throw new KvmException(Errno.EINVAL, "open", $"{architecture} has no VMX operation, which is a mode of x86", "use KvmBackend.TrapAndEmulate");
        return new Kvm(architecture, known, backend);
    }

    /// <inheritdoc/>
    public int GetApiVersion() => ApiVersion;

    /// <inheritdoc/>
    public int CheckExtension(KvmCapability capability) => _architecture.Extension(capability);

    /// <inheritdoc/>
    public int GetVcpuMmapSize() => MappingSize;

    /// <inheritdoc cref="IKvm.CreateVm"/>
    public KvmVm CreateVm() => new(_architecture, Backend);

    IKvmVm IKvm.CreateVm() => CreateVm();

    /// <inheritdoc/>
    public int GetMsrIndexList(Span<uint> indices)
    {
        var all = _architecture.MsrIndices();
        if (indices.Length < all.Length)
            throw new KvmException(Errno.E2BIG, "KVM_GET_MSR_INDEX_LIST", $"{indices.Length} places are too few", $"give {all.Length}");
        all.CopyTo(indices);
        return all.Length;
    }

    /// <inheritdoc/>
    public int GetSupportedCpuid(Span<KvmCpuidEntry2> entries)
    {
        var all = _architecture.SupportedCpuid();
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
                return CheckExtension((KvmCapability)(nint)argument);
            case KvmRequest.GetVcpuMmapSize:
                return (nint)argument == 0 ? MappingSize : throw new KvmException(Errno.EINVAL, "KVM_GET_VCPU_MMAP_SIZE", "it takes no argument", "pass 0");
            case KvmRequest.GetMsrIndexList:
                // struct kvm_msr_list: the number of places, in and out; then the places.
                var count = KvmIoctl.NotNull<uint>(argument, "KVM_GET_MSR_INDEX_LIST");
                var places = *count;
                *count = (uint)_architecture.MsrIndices().Length;
                GetMsrIndexList(new Span<uint>(count + 1, (int)Math.Min(places, *count)));
                return 0;
            case KvmRequest.GetSupportedCpuid:
                // struct kvm_cpuid2: the number of entries, in and out; padding; then the entries.
                var number = KvmIoctl.NotNull<uint>(argument, "KVM_GET_SUPPORTED_CPUID");
                *number = (uint)GetSupportedCpuid(new Span<KvmCpuidEntry2>(number + 2, (int)Math.Min(*number, (uint)_architecture.SupportedCpuid().Length)));
                return 0;
            default:
                throw new KvmException(Errno.EINVAL, $"ioctl 0x{request:x}", "the system does not know it", "see docs/kvm.md");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
