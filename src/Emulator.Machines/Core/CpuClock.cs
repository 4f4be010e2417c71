using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Machine time taken from the clock a processor drives.</summary>
public sealed class CpuClock(Clock clock) : MachineClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public override long Now => clock.UnitsAt(clock.Now, NanosecondsPerSecond);

    /// <inheritdoc/>
    protected internal override void Arm(MachineTimer timer)
    {
        timer.Handle ??= clock.Create(timer.Fire);
        clock.Schedule((ClockEvent)timer.Handle, clock.TicksOf(timer.Due, NanosecondsPerSecond));
    }

    /// <inheritdoc/>
    protected internal override void Disarm(MachineTimer timer)
    {
        if (timer.Handle is ClockEvent scheduled)
            clock.Cancel(scheduled);
    }
}
