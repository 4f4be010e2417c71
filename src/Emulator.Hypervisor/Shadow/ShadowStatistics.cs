namespace Emulator.Hypervisor;

/// <summary>What the shadow page tables of one processor did since they were made.</summary>
/// <param name="Pages">Page frames of the monitor in use as tables now.</param>
/// <param name="Roots">Of these, the roots: address spaces that are kept.</param>
/// <param name="Faults">Page faults of the real CPU that were none of the guest's.</param>
/// <param name="Fills">Entries that map a page, made since.</param>
/// <param name="Switches">Times the real CPU was given another root.</param>
/// <param name="TableWrites">Writes to page tables of the guest, by whom ever.</param>
/// <param name="Evictions">Tables given up to make room.</param>
/// <param name="Releases">Guest tables no longer followed, because they were written again and again without being used.</param>
/// <param name="Drops">Times all were forgotten: the map of physical memory changed.</param>
public sealed record ShadowStatistics(int Pages, int Roots, long Faults, long Fills, long Switches, long TableWrites, long Evictions, long Releases, long Drops);
