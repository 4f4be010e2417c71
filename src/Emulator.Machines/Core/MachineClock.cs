namespace Emulator.Machines;

/// <summary>The time devices live in, in nanoseconds since power-on, and the calls they scheduled.</summary>
public abstract class MachineClock : ISnapshotPart
{
    private readonly List<MachineTimer> _timers = [];
    private long _sequence;

    /// <inheritdoc/>
    public string PartName => "timers";

    /// <summary>Nanoseconds since power-on.</summary>
    public abstract long Now { get; }

    /// <summary>The timers made so far, in order of creation.</summary>
    protected IReadOnlyList<MachineTimer> Timers => _timers;

    /// <summary>Value of a counter of <paramref name="frequency"/> hertz that started at power-on, rounded down.</summary>
    public static long TicksAt(long nanoseconds, long frequency) => (long)((Int128)nanoseconds * frequency / 1_000_000_000);

    /// <summary>The first moment at which a counter of <paramref name="frequency"/> hertz shows <paramref name="tick"/>; <see cref="MachineTimer.Never"/> beyond the range of time.</summary>
    public static long TimeOfTick(long tick, long frequency) =>
        (long)Int128.Min((((Int128)tick * 1_000_000_000) + frequency - 1) / frequency, MachineTimer.Never);

    /// <summary>Creates a disarmed timer. A machine creates its timers in a fixed order: snapshots know them by it.</summary>
    public MachineTimer CreateTimer(string name, Action fired)
    {
        var timer = new MachineTimer(this, name, fired);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Transfers which timers are armed; comes after every device in a snapshot.</summary>
    public void Transfer(SnapshotStream s)
    {
        // In the order they will fire: timers due at the same moment fire in the order they were armed.
        int[] armed = s.IsLoading ? [] : [.. Enumerable.Range(0, _timers.Count).Where(i => _timers[i].Due != MachineTimer.Never)
            .OrderBy(i => _timers[i].Due).ThenBy(i => _timers[i].Sequence)];
        int count = armed.Length;
        s.Value(ref count);
        if (s.IsLoading)
        {
            if (count < 0 || count > _timers.Count)
            {
                s.Fail($"{count} timers are armed, but the machine has {_timers.Count}");
                return;
            }

            foreach (MachineTimer timer in _timers)
                timer.Cancel();
        }

        for (int i = 0; i < count && s.Error is null; i++)
        {
            int index = s.IsLoading ? 0 : armed[i];
            s.Value(ref index);
            if ((uint)index >= (uint)_timers.Count)
            {
                s.Fail($"there is no timer {index}");
                return;
            }

            long due = _timers[index].Due;
            s.Value(ref due);
            if (s.IsLoading)
                _timers[index].ScheduleAt(due);
        }
    }

    internal long NextSequence() => _sequence++;

    /// <summary>Called when a timer was armed (again); the clock calls <see cref="MachineTimer.Fire"/> once its time has come.</summary>
    protected internal abstract void Arm(MachineTimer timer);

    /// <summary>Called when a timer was disarmed.</summary>
    protected internal abstract void Disarm(MachineTimer timer);
}
