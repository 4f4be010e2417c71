namespace Emulator.Machines;

/// <summary>A run of physical addresses.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">One past the last.</param>
public sealed record RamRange(ulong Start, ulong End)
{
    /// <summary>Bytes in it.</summary>
    public ulong Length => End - Start;

    /// <summary>Whether it shares a byte with a run that starts at <paramref name="start"/>.</summary>
    public bool Overlaps(ulong start, ulong length) => start < End && Start < start + length;
}
