using Emulator.Isa.Analysis.Interpretation;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>One of a witness's executions: how it ended, and the state it left.</summary>
public sealed record WitnessRun(ExecutionResult Result, ConcreteState Final)
{
    /// <summary>How it ended, in words.</summary>
    public string Describe() => Result.Trap is not { } trap ? "completes"
        : trap.Name + (Result.Arguments.IsEmpty ? "" : "(" + string.Join(", ", Result.Arguments.Select(Witness.Hex)) + ")");
}
