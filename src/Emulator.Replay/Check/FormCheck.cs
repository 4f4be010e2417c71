using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Replay.Check;

/// <summary>What executing a form in random states said of its verdict.</summary>
/// <param name="Verdict">The verdict.</param>
public sealed record FormCheck(FormVerdict Verdict)
{
    /// <summary>Executions in guest-mode states.</summary>
    public RunCounts Guest { get; init; }

    /// <summary>Executions in the states compared with, which agree with the guest's in user state and storage; most are the monitor's.</summary>
    public RunCounts Reference { get; init; }

    /// <summary>A difference was found, and the interpreter of the IR shows it too.</summary>
    public bool DifferenceFound { get; init; }

    /// <summary>Looks at whether the derived condition of a form that traps sometimes is right: how often it was decided and held.</summary>
    public long ConditionsDecided { get; init; }

    /// <summary>Differences that are none: the two states did not agree in what the executions saw of storage, or the relocation map raised the trap.</summary>
    public int Excused { get; init; }

    /// <summary>Why it was not executed; null when it was.</summary>
    public string? Skipped { get; init; }

    /// <summary>What is not as derived; null when everything is.</summary>
    public string? Failure { get; init; }

    /// <summary>States that show <see cref="Failure"/>, made small, to replay; null where no states are to blame.</summary>
    public Witness? Witness { get; init; }
}
