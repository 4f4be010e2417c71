using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Replay.Check;

/// <summary>How much of a verdict is put to the test.</summary>
public sealed record CheckOptions
{
    /// <summary>Random states per form.</summary>
    public int Cases { get; init; } = 10_000;

    /// <summary>Where the random numbers begin: equal seeds give equal checks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Verdicts of the spec's other profiles: what shows a difference there is a state in which the form completes, which chance may not find here.</summary>
    public IReadOnlyList<ProfileVerdict> Others { get; init; } = [];

    /// <summary>Which forms; null for all.</summary>
    public Func<FormVerdict, bool>? Only { get; init; }
}
