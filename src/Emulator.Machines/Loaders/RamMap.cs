namespace Emulator.Machines;

/// <summary>Where a machine has RAM that loaders may fill.</summary>
/// <param name="Ranges">Ranges in ascending order.</param>
public sealed record RamMap(IReadOnlyList<RamRange> Ranges)
{
    /// <summary>Top of conventional memory: the last kilobyte below 640 KB belongs to the firmware.</summary>
    public const uint ConventionalEnd = 0x9FC00;

    /// <summary>Address of extended memory.</summary>
    public const uint ExtendedStart = 0x100000;

    /// <summary>End of the RAM that starts at 1 MB; 1 MB when there is none.</summary>
    public ulong ExtendedEnd => Ranges.FirstOrDefault(r => r.Start == ExtendedStart)?.End ?? ExtendedStart;

    /// <summary>Whether a run of bytes lies in RAM.</summary>
    public bool Contains(ulong start, ulong length) => Ranges.Any(r => start >= r.Start && start <= r.End && length <= r.End - start);
}
