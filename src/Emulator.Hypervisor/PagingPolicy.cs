namespace Emulator.Hypervisor;

/// <summary>Where a real CPU gets the translations of its guest's addresses from.</summary>
public enum PagingPolicy
{
    /// <summary>A virtual TLB: each is asked of the virtual CPU, which walks the guest's own tables.</summary>
    Tlb,

    /// <summary>Shadow page tables, which the monitor derives from the guest's and the real CPU's own paging unit walks.</summary>
    Shadow,
}
