using System.Diagnostics;

namespace Emulator.Runtime;

/// <summary>A machine's time and what is to happen when. One tick is one instruction, or one tick of idleness, unless the clock follows the wall clock.</summary>
public sealed class Clock
{
    private readonly List<ClockEvent> _heap = [];
    private long _sequence;
    private long _wallStart;
    private long _wallTicks;

    /// <summary>Ticks per second of guest time: how fast the machine believes it is. 100 million unless set.</summary>
    public long Frequency { get; init; } = 100_000_000;

    /// <summary>True makes time follow the wall clock (runs are then not reproducible); false makes it follow the instructions executed.</summary>
    public bool FollowsWallClock { get; init; }

    /// <summary>Time in ticks since the machine was made.</summary>
    public long Now
    {
        get
        {
            if (!FollowsWallClock)
            {
                return Driver?.VirtualNow ?? 0;
            }

            if (_wallStart == 0)
            {
                _wallStart = Stopwatch.GetTimestamp();
            }

            var elapsed = Stopwatch.GetTimestamp() - _wallStart;
            return _wallTicks + (long)((Int128)elapsed * Frequency / Stopwatch.Frequency);
        }
    }

    /// <summary>When the next event is due; <see cref="long.MaxValue"/> when nothing is scheduled.</summary>
    public long NextAt => _heap.Count == 0 ? long.MaxValue : _heap[0].At;

    /// <summary>The CPU whose instructions are this clock's ticks.</summary>
    internal IClockDriver? Driver { get; set; }

    /// <summary>Makes an event that is not scheduled yet.</summary>
    public ClockEvent Create(Action callback) => new(callback);

    /// <summary>Makes an event and schedules it at a tick (one past is due at once).</summary>
    public ClockEvent Schedule(long at, Action callback)
    {
        var e = new ClockEvent(callback);
        Schedule(e, at);
        return e;
    }

    /// <summary>Schedules an event at a tick; one already scheduled moves.</summary>
    public void Schedule(ClockEvent e, long at)
    {
        Cancel(e);
        e.At = at;
        e.Sequence = _sequence++;
        e.HeapIndex = _heap.Count;
        _heap.Add(e);
        Up(e.HeapIndex);
        if (e.HeapIndex == 0)
        {
            Driver?.DeadlineChanged(at);
        }
    }

    /// <summary>Takes an event off the schedule; nothing happens when it is not on it.</summary>
    public void Cancel(ClockEvent e)
    {
        var index = e.HeapIndex;
        if (index < 0)
        {
            return;
        }

        e.HeapIndex = -1;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (last != e)
        {
            Put(index, last);
            Up(index);
            Down(last.HeapIndex);
        }
    }

    /// <summary>Ticks of a duration given in units of 1/<paramref name="frequency"/> seconds, rounded up.</summary>
    public long TicksOf(long count, long frequency) => (long)(((Int128)count * Frequency + (frequency - 1)) / frequency);

    /// <summary>Units of 1/<paramref name="frequency"/> seconds that have passed at a tick, rounded down.</summary>
    public long UnitsAt(long ticks, long frequency) => (long)((Int128)ticks * frequency / Frequency);

    /// <summary>Calls the events that are due, in order.</summary>
    internal void RunDue()
    {
        while (_heap.Count > 0 && _heap[0].At <= Now)
        {
            var e = _heap[0];
            Cancel(e);
            e.Callback();
        }
    }

    /// <summary>Sets the wall-clock time (a restored snapshot).</summary>
    internal void SetWall(long ticks)
    {
        _wallTicks = ticks;
        _wallStart = Stopwatch.GetTimestamp();
    }

    private static bool Before(ClockEvent a, ClockEvent b) => a.At != b.At ? a.At < b.At : a.Sequence < b.Sequence;

    private void Put(int index, ClockEvent e)
    {
        _heap[index] = e;
        e.HeapIndex = index;
    }

    private void Up(int index)
    {
        var e = _heap[index];
        while (index > 0 && Before(e, _heap[(index - 1) / 2]))
        {
            Put(index, _heap[(index - 1) / 2]);
            index = (index - 1) / 2;
        }

        Put(index, e);
    }

    private void Down(int index)
    {
        var e = _heap[index];
        while (true)
        {
            var child = 2 * index + 1;
            if (child >= _heap.Count)
            {
                break;
            }

            if (child + 1 < _heap.Count && Before(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Before(_heap[child], e))
            {
                break;
            }

            Put(index, _heap[child]);
            index = child;
        }

        Put(index, e);
    }
}
