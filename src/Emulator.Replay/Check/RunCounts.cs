namespace Emulator.Replay.Check;

/// <summary>How executions ended.</summary>
/// <param name="Completed">Without a trap.</param>
/// <param name="Trapped">In a trap that is not of kind memory.</param>
/// <param name="Memory">In a memory trap.</param>
public readonly record struct RunCounts(long Completed, long Trapped, long Memory)
{
    public long Total => Completed + Trapped + Memory;

    internal RunCounts Add(bool trapped, bool memory) => !trapped ? this with { Completed = Completed + 1 } : memory ? this with { Memory = Memory + 1 } : this with { Trapped = Trapped + 1 };
}
