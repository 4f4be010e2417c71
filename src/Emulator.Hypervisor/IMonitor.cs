using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>A monitor under one processor, whatever its instruction set.</summary>
public interface IMonitor : IDisposable
{
    /// <summary>The instruction set.</summary>
    IsaMetadata Isa { get; }

    /// <summary>Counters since creation.</summary>
    MonitorStatistics Statistics { get; }
}
