namespace Emulator.Kvm;

/// <summary>The system object: what /dev/kvm is to a client.</summary>
/// <remarks>Every failure is a <see cref="KvmException"/> with KVM's errno.</remarks>
public interface IKvm : IDisposable
{
    /// <summary>KVM_GET_API_VERSION: 12.</summary>
    int GetApiVersion();

    /// <summary>KVM_CHECK_EXTENSION: 0 when the capability does not exist, else 1 or its value.</summary>
    int CheckExtension(KvmCapability capability);

    /// <summary>KVM_GET_VCPU_MMAP_SIZE: bytes of <see cref="IKvmVcpu.Mapping"/>.</summary>
    int GetVcpuMmapSize();

    /// <summary>KVM_CREATE_VM.</summary>
    IKvmVm CreateVm();

    /// <summary>KVM_GET_MSR_INDEX_LIST: fills in the numbers of the model-specific registers and returns how many there are; E2BIG when they do not fit.</summary>
    int GetMsrIndexList(Span<uint> indices);

    /// <summary>KVM_GET_SUPPORTED_CPUID: fills in the entries and returns how many there are; E2BIG when they do not fit.</summary>
    int GetSupportedCpuid(Span<KvmCpuidEntry2> entries);

    /// <summary>Any of these as an ioctl: the result, or a negative error number.</summary>
    unsafe int Ioctl(uint request, void* argument);
}
