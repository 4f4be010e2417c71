using System.Globalization;
using Emulator.Hypervisor;
using Emulator.Machines;

namespace Emulator.Cli.Boot;

/// <summary>A virt machine as the command line sees it.</summary>
internal sealed class VirtAdapter : IMachine
{
    private readonly VirtMachine machine;
    private readonly Monitors? monitors;

    /// <summary>Takes a machine that has not run yet, and the monitors to put under its processors.</summary>
    public VirtAdapter(VirtMachine machine, Monitors? monitors)
    {
        (this.machine, this.monitors) = (machine, monitors);
        if (monitors is not null)
        {
            machine.Attach(monitors);
        }
    }

    /// <inheritdoc/>
    public long Instructions => machine.Instructions;

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Statistics
    {
        get
        {
            yield return ("guest seconds", (machine.Nanoseconds / 1e9).ToString("F3", CultureInfo.InvariantCulture));
            for (var i = 0; i < machine.Harts.Count; i++)
            {
                var hart = machine.Harts[i];
                if (machine.Harts.Count > 1)
                {
                    yield return ($"hart {i}: instructions", hart.Instructions.ToString("N0", CultureInfo.InvariantCulture));
                }

                foreach (var row in EngineRows.Of(hart.Statistics, hart.Misses, hart.TrapCounts, hart.Metadata))
                {
                    yield return row;
                }
            }

            foreach (var row in MonitorRows.Of(monitors))
            {
                yield return row;
            }
        }
    }

    /// <inheritdoc/>
    public SliceResult Run(long instructions)
    {
        var run = machine.Run(instructions);
        return run.End switch
        {
            // The guest's codes are the odd ones, as with the PC's isa-debug-exit.
            VirtEnd.GuestExit => new SliceResult(MachineEnd.GuestExit, ((run.ExitCode << 1) | 1) & 0xFF),
            VirtEnd.PowerOff => new SliceResult(MachineEnd.PowerOff),
            VirtEnd.Halted => new SliceResult(MachineEnd.Halted),
            VirtEnd.TrapStorm => throw new InvalidOperationException($"Traps without end at instruction {machine.Instructions}."),
            _ => new SliceResult(MachineEnd.None),
        };
    }

    /// <inheritdoc/>
    public void Stop() => machine.Stop();

    /// <inheritdoc/>
    public TextScreen? ReadScreen() => null;

    /// <inheritdoc/>
    public void Type(ConsoleKeyInfo key) => Receive([(byte)key.KeyChar]);

    /// <inheritdoc/>
    public void Receive(byte[] bytes) => machine.Post(() => machine.Serial.Receive(bytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        monitors?.Dispose();
        machine.Dispose();
    }
}
