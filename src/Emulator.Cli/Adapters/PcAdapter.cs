using System.Globalization;
using Emulator.Hypervisor;
using Emulator.Machines;
using Emulator.X86;

namespace Emulator.Cli.Boot;

/// <summary>A PC as the command line sees it.</summary>
internal sealed class PcAdapter : IMachine
{
    private readonly PcMachine machine;
    private readonly Monitors? monitors;

    /// <summary>Takes a machine that has not run yet, and the monitors to put under its processors.</summary>
    public PcAdapter(PcMachine machine, Monitors? monitors)
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
            var cpu = machine.Cpu;
            return EngineRows.Of(cpu.Engine.Statistics, cpu.Context.PagedMemories.Sum(memory => memory?.Misses ?? 0), cpu.Engine.TrapCounts, X86Metadata.Instance)
                .Concat(MonitorRows.Of(monitors)).Prepend(("guest seconds", (machine.Nanoseconds / 1e9).ToString("F3", CultureInfo.InvariantCulture)));
        }
    }

    /// <inheritdoc/>
    public SliceResult Run(long instructions)
    {
        var run = machine.Run(instructions);
        return run.End switch
        {
            PcEnd.GuestExit => new SliceResult(MachineEnd.GuestExit, run.ExitCode),
            PcEnd.PowerOff => new SliceResult(MachineEnd.PowerOff),
            PcEnd.Halted => new SliceResult(MachineEnd.Halted),
            PcEnd.TripleFault => new SliceResult(MachineEnd.TripleFault),
            PcEnd.TrapStorm => throw new InvalidOperationException($"Traps without end at instruction {machine.Instructions}."),
            _ => new SliceResult(MachineEnd.None),
        };
    }

    /// <inheritdoc/>
    public void Stop() => machine.Stop();

    /// <inheritdoc/>
    public TextScreen? ReadScreen() => machine.Vga.Text;

    /// <inheritdoc/>
    public void Type(ConsoleKeyInfo key) => ConsoleKeys.Type(machine.Keyboard, key);

    /// <inheritdoc/>
    public void Receive(byte[] bytes) => machine.Cpu.Post(() => machine.Serial.Receive(bytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        monitors?.Dispose();
        machine.Dispose();
    }
}
