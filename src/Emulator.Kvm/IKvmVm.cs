namespace Emulator.Kvm;

/// <summary>A virtual machine: memory slots and vCPUs.</summary>
/// <inheritdoc cref="IKvm" path="/remarks"/>
public interface IKvmVm : IDisposable
{
    /// <summary>KVM_SET_USER_MEMORY_REGION: shows the client's memory to the guest, changes a slot's flags or address, or (size 0) removes the slot.</summary>
    /// <param name="slot">Number of the slot.</param>
    /// <param name="gpa">Guest physical address, a multiple of 4096.</param>
    /// <param name="memory">The client's memory, a multiple of 4096, which must stay until the slot is removed.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    /// <param name="flags">Read-only, dirty log.</param>
    unsafe void SetUserMemoryRegion(uint slot, ulong gpa, byte* memory, ulong size, KvmMemoryFlags flags = KvmMemoryFlags.None);

    /// <summary>KVM_CREATE_VCPU.</summary>
    IKvmVcpu CreateVcpu(int id);

    /// <summary>KVM_GET_DIRTY_LOG: a bit per page of the slot that the guest wrote to since the last call, which starts afresh.</summary>
    /// <param name="slot">A slot with <see cref="KvmMemoryFlags.LogDirtyPages"/>.</param>
    /// <param name="bitmap">Whole 64-bit words for all pages.</param>
    void GetDirtyLog(uint slot, Span<byte> bitmap);

    /// <summary>KVM_SET_TSS_ADDR: three pages below 4 GB the guest does not use.</summary>
    void SetTssAddr(ulong address);

    /// <summary>Any of these as an ioctl (KVM_CREATE_VCPU gives 0): the result, or a negative error number.</summary>
    unsafe int Ioctl(uint request, void* argument);
}
