namespace Emulator.Runtime;

/// <summary>Something to be called at a moment of a <see cref="Clock"/>; made once per timer of a device and scheduled again and again.</summary>
public sealed class ClockEvent
{
    internal ClockEvent(Action callback) => Callback = callback;

    /// <summary>When it is due, in ticks; meaningful while <see cref="IsScheduled"/>.</summary>
    public long At { get; internal set; }

    /// <summary>Whether it waits to be called.</summary>
    public bool IsScheduled => HeapIndex >= 0;

    internal Action Callback { get; }

    internal int HeapIndex { get; set; } = -1;

    /// <summary>Order of scheduling: events due at the same tick are called in it.</summary>
    internal long Sequence { get; set; }
}
