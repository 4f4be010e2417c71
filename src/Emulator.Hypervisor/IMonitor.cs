namespace Emulator.Hypervisor;

/// <summary>A monitor under one processor, whatever its instruction set.</summary>
public interface IMonitor : IDisposable
{
    /// <summary>Counters since creation.</summary>
    MonitorStatistics Statistics { get; }
}
