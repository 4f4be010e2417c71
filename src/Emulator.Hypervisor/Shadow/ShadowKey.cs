namespace Emulator.Hypervisor;

/// <summary>What a shadow table stands for: two with equal keys would have equal entries.</summary>
/// <param name="Address">The guest's table: its physical address; without one (large pages, paging off), the first address mapped.</param>
/// <param name="Level">Of the shadow table.</param>
/// <param name="Mode">The guest's way of paging.</param>
/// <param name="Part">Which part of the guest's table, where that covers more than one of the shadow.</param>
/// <param name="Rights">What the guest's entries above it allow; of a large page, what it allows.</param>
internal readonly record struct ShadowKey(ulong Address, ShadowLevel Level, PagingMode Mode, byte Part, PageRights Rights)
{
    /// <summary>Whether a table of the guest's is behind it, whose writes must be seen.</summary>
    public bool HasTable => (Level == ShadowLevel.Directory && (Mode & PagingMode.On) != 0) || (Level == ShadowLevel.Table && (Rights & PageRights.Large) == 0);
}
