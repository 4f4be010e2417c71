namespace Emulator.Benchmarks;

/// <summary>One timed run.</summary>
/// <param name="Seconds">Wall-clock time of the timed part.</param>
/// <param name="Checksum">The kernel's result, which must be the same everywhere.</param>
/// <param name="Instructions">Instructions of the timed part; 0 where they are not counted.</param>
internal readonly record struct KernelRun(double Seconds, string Checksum, long Instructions = 0);
