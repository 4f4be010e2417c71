using System.Globalization;
using Emulator.Machines;
using Emulator.X86;

namespace Emulator.Cli.Boot;

/// <summary>A PC as the command line sees it.</summary>
internal sealed class PcAdapter(PcMachine machine) : IMachine
{
    /// <inheritdoc/>
    public long Instructions => machine.Instructions;

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Statistics
    {
        get
        {
            var engine = machine.Cpu.Engine.Statistics;
            yield return ("guest seconds", (machine.Nanoseconds / 1e9).ToString("F3", CultureInfo.InvariantCulture));
            yield return ("blocks built", Number(engine.BlocksBuilt));
            yield return ("instructions in them", Number(engine.OperationsDecoded));
            yield return ("blocks entered", Number(engine.Dispatches));
            yield return ("single steps", Number(engine.SingleSteps));
            yield return ("blocks dropped", Number(engine.BlocksDropped));
            yield return ("translations missed", Number(machine.Cpu.Context.PagedMemories.Sum(memory => memory?.Misses ?? 0)));
            foreach (var (name, count) in Traps())
            {
                yield return ($"trap {name}", Number(count));
            }
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
    public void Dispose() => machine.Dispose();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private List<(string Name, long Count)> Traps()
    {
        var traps = new List<(string, long)>();
        var counts = machine.Cpu.Engine.TrapCounts;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                traps.Add((X86Metadata.Instance.Traps[i].Name, counts[i]));
            }
        }

        return traps;
    }
}
