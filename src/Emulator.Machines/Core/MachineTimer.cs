namespace Emulator.Machines;

/// <summary>One scheduled call of a device, in nanoseconds of machine time.</summary>
public sealed class MachineTimer
{
    /// <summary>Value of <see cref="Due"/> when nothing is scheduled.</summary>
    public const long Never = long.MaxValue;

    private readonly MachineClock _clock;
    private readonly Action _fired;

    internal MachineTimer(MachineClock clock, string name, Action fired)
    {
        _clock = clock;
        _fired = fired;
        Name = name;
    }

    /// <summary>Name for diagnosis.</summary>
    public string Name { get; }

    /// <summary>Time at which the timer fires, or <see cref="Never"/>.</summary>
    public long Due { get; private set; } = Never;

    /// <summary>What the clock keeps with the timer.</summary>
    public object? Handle { get; set; }

    /// <summary>Grows with every arming: of two timers due at the same time the one armed first fires first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Arms the timer for a moment (in the past: fires at once), replacing an earlier arming.</summary>
    public void ScheduleAt(long time)
    {
        if (time == Never)
        {
            Cancel();
            return;
        }

        Due = time;
        Sequence = _clock.NextSequence();
        _clock.Arm(this);
    }

    /// <summary>Arms the timer <paramref name="delay"/> nanoseconds from now.</summary>
    public void ScheduleIn(long delay) => ScheduleAt(_clock.Now + delay);

    /// <summary>Disarms the timer.</summary>
    public void Cancel()
    {
        if (Due == Never)
            return;
        Due = Never;
        _clock.Disarm(this);
    }

    /// <summary>Calls the device; the timer is disarmed before.</summary>
    public void Fire()
    {
        Due = Never;
        _fired();
    }
}
