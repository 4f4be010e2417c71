using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Replay.Check;

/// <summary>What executing every form of an ISA in random states said of the verdict under a profile.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Forms">Every form asked for, in order.</param>
public sealed record ProfileCheck(ProfileVerdict Verdict, IReadOnlyList<FormCheck> Forms)
{
    /// <summary>Executions of instructions, two in each state.</summary>
    public long Executions => Forms.Sum(f => f.Guest.Total + f.Reference.Total);

    /// <summary>Forms of which something derived turned out not to be so.</summary>
    public IEnumerable<FormCheck> Failures => Forms.Where(f => f.Failure is not null);

    /// <summary>Critical forms of which no difference was found within the budget.</summary>
    public IEnumerable<FormCheck> NotFound => Forms.Where(f => f is { Verdict.Critical: true, Skipped: null, DifferenceFound: false });
}
