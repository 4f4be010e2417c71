namespace Emulator.Machines;

/// <summary>Outcome of a run.</summary>
/// <param name="End">Why it came back.</param>
/// <param name="Instructions">Instructions started during it, exactly.</param>
/// <param name="ExitCode">The guest's exit code with <see cref="PcEnd.GuestExit"/>, as QEMU gives it: odd.</param>
public readonly record struct PcRun(PcEnd End, long Instructions, int ExitCode = 0);
