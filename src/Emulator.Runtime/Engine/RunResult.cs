namespace Emulator.Runtime;

/// <summary>Outcome of a run.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Instructions">Instructions started during it, exactly.</param>
public readonly record struct RunResult(RunReason Reason, long Instructions);
