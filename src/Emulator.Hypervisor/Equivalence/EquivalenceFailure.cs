namespace Emulator.Hypervisor;

/// <summary>A guest that does not run alike on the bare machine and under the monitor.</summary>
/// <param name="Stream">Number of the random guest: what it is made from.</param>
/// <param name="After">Instructions it ran before those listed.</param>
/// <param name="Instructions">The shortest run that shows it, disassembled where the program counter is a physical address.</param>
/// <param name="Differences">What differs afterwards: state, bare, hosted.</param>
public sealed record EquivalenceFailure(int Stream, int After, IReadOnlyList<string> Instructions, IReadOnlyList<string> Differences);
