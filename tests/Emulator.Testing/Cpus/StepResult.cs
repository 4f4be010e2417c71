namespace Emulator.Testing;

/// <summary>What a step did.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Trap">Architectural number of the first trap delivered, or -1.</param>
/// <param name="Argument">First parameter of that trap (an error code), or 0.</param>
public readonly record struct StepResult(StepKind Kind, int Trap = -1, ulong Argument = 0);
