namespace Emulator.Kvm;

/// <summary>Flags of a memory slot.</summary>
[Flags]
public enum KvmMemoryFlags : uint
{
    None = 0,

    /// <summary>KVM_MEM_LOG_DIRTY_PAGES: pages the guest writes to are told by <see cref="IKvmVm.GetDirtyLog"/>.</summary>
    LogDirtyPages = 1,

    /// <summary>KVM_MEM_READONLY: a write of the guest is an MMIO exit.</summary>
    ReadOnly = 2,
}
