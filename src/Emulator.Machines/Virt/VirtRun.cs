namespace Emulator.Machines;

/// <summary>Outcome of a run.</summary>
/// <param name="End">Why it came back.</param>
/// <param name="Instructions">Instructions started during it by all harts, exactly.</param>
/// <param name="ExitCode">The guest's code with <see cref="VirtEnd.GuestExit"/>: 16 bits.</param>
public readonly record struct VirtRun(VirtEnd End, long Instructions, int ExitCode = 0);
