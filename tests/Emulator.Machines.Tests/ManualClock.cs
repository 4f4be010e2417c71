namespace Emulator.Machines.Tests;

/// <summary>Time that passes when a test says so; timers fire at their moment, in order.</summary>
internal sealed class ManualClock : MachineClock
{
    private long _now;

    public override long Now => _now;

    /// <summary>Lets nanoseconds pass.</summary>
    public void Advance(long nanoseconds)
    {
        long end = _now + nanoseconds;
        while (Timers.Where(t => t.Due <= end).OrderBy(t => t.Due).ThenBy(t => t.Sequence).FirstOrDefault() is { } next)
        {
            _now = Math.Max(_now, next.Due);
            next.Fire();
        }

        _now = end;
    }

    protected internal override void Arm(MachineTimer timer)
    {
    }

    protected internal override void Disarm(MachineTimer timer)
    {
    }
}
