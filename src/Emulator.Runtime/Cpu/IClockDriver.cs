namespace Emulator.Runtime;

/// <summary>Who makes a virtual clock advance.</summary>
internal interface IClockDriver
{
    /// <summary>Time now in ticks.</summary>
    long VirtualNow { get; }

    /// <summary>The earliest event moved to this tick.</summary>
    void DeadlineChanged(long at);
}
