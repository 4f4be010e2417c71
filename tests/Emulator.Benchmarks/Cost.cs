using System.Diagnostics;

namespace Emulator.Benchmarks;

/// <summary>Time that something took: on the clock, and of all processors together.</summary>
internal readonly record struct Cost(TimeSpan Wall, TimeSpan Processor)
{
    /// <summary>The readings to measure from.</summary>
    public static Cost Start() => new(Stopwatch.GetElapsedTime(0), Environment.CpuUsage.TotalTime);

    /// <summary>What passed since <see cref="Start"/>.</summary>
    public Cost Stop() => new(Stopwatch.GetElapsedTime(0) - Wall, Environment.CpuUsage.TotalTime - Processor);
}
