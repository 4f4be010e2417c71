using Emulator.Machines;

namespace Emulator.Cli.Tests;

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock : MachineClock
{
    public override long Now => 0;

    protected override void Arm(MachineTimer timer)
    {
    }

    protected override void Disarm(MachineTimer timer)
    {
    }
}
