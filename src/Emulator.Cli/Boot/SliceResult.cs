namespace Emulator.Cli.Boot;

/// <summary>Outcome of running for a while.</summary>
/// <param name="End">Why the machine no longer runs, if so.</param>
/// <param name="ExitCode">The guest's exit code with <see cref="MachineEnd.GuestExit"/>.</param>
internal readonly record struct SliceResult(MachineEnd End, int ExitCode = 0);
