using System.Globalization;
using System.Text;

namespace Emulator.Testing;

/// <summary>Turns a run of an <see cref="ITestCpu"/> into stable text: what each instruction did, and how the machine stood at the end.</summary>
/// <remarks>
/// A line per instruction: address, bytes, text; below it, indented, what changed: <c>eax 00000000 -&gt; 00000001</c>,
/// <c>[00001234] 00 00 -&gt; 34 12</c>, <c>trap 13 (0x18)</c>. The text holds neither times nor host addresses, so that equal runs give equal text.
/// </remarks>
public sealed class RunRecorder
{
    private readonly ITestCpu _cpu;
    private readonly RunRecorderOptions _options;
    private readonly StringBuilder _trace = new();
    private readonly SortedDictionary<int, long> _traps = [];
    private readonly List<string> _exits = [];
    private readonly int[] _registers;
    private readonly int _pc;
    private readonly ulong[] _before;
    private readonly byte[][] _memory;
    private string? _screen;

    /// <summary>Starts a recording of <paramref name="cpu"/> from its present state.</summary>
    public RunRecorder(ITestCpu cpu, RunRecorderOptions options)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(options);
        _cpu = cpu;
        _options = options;
        _pc = cpu.Require(options.ProgramCounter);
        _registers = [.. options.Registers.Select(cpu.Require)];
        _before = new ulong[_registers.Length];
        _memory = [.. options.Memory.Select(window => new byte[window.Length])];
        Capture();
    }

    /// <summary>Instructions recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Executes and records up to <paramref name="instructions"/>; returns early when the CPU halts or stops.</summary>
    public StepResult Step(int instructions = 1)
    {
        StepResult result = default;
        for (int i = 0; i < instructions; i++)
        {
            AppendInstruction();
            result = _cpu.Step();
            Count++;
            AppendChanges(result);
            if (result.Kind is StepKind.Halted or StepKind.Stopped)
            {
                _exits.Add(result.Kind == StepKind.Halted ? "halted" : "stopped");
                break;
            }
        }

        return result;
    }

    /// <summary>Counts instructions that were executed at full speed, without a trace, and the traps delivered meanwhile.</summary>
    /// <param name="instructions">How many.</param>
    /// <param name="traps">Traps by number.</param>
    public void AddUntraced(long instructions, IReadOnlyDictionary<int, long> traps)
    {
        ArgumentNullException.ThrowIfNull(traps);
        Count += instructions;
        foreach ((int trap, long count) in traps)
            _traps[trap] = _traps.GetValueOrDefault(trap) + count;
        Capture();
    }

    /// <summary>Notes why the machine was left (a debug exit, a VM exit, a budget).</summary>
    public void AddExit(string reason) => _exits.Add(reason);

    /// <summary>Sets the screen to show, lines separated by line feeds; blanks at the end of a line are dropped.</summary>
    public void SetScreen(string text) =>
        _screen = string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');

    /// <summary>The recording: trace, then final state, memory, traps, exits and screen, as far as there is any.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(_trace);
        Section(text, "final state");
        AppendState(text);
        text.Append("instructions ").Append(Count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        for (int i = 0; i < _options.Memory.Count; i++)
            MemoryDump.Append(text, _options.Memory[i], _memory[i]);
        if (_traps.Count > 0)
        {
            Section(text, "traps");
            foreach ((int trap, long count) in _traps)
                text.Append(_options.TrapName(trap)).Append(": ").Append(count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        if (_exits.Count > 0)
        {
            Section(text, "exits");
            foreach (string exit in _exits)
                text.Append(exit).Append('\n');
        }

        if (_screen is not null)
        {
            Section(text, "screen");
            text.Append(_screen).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static void Section(StringBuilder text, string name)
    {
        if (text.Length > 0)
            text.Append('\n');
        text.Append("== ").Append(name).Append('\n');
    }

    private void AppendInstruction()
    {
        ulong pc = _cpu.ReadRegister(_pc);
        ulong address = _options.CodeAddress(_cpu, pc);
        byte[] bytes = new byte[_options.MaxInstructionLength];
        _cpu.ReadMemory(address, bytes);
        (int length, string assembly) = _options.Disassemble(_cpu, bytes, pc);
        string hex = string.Join(' ', bytes.Take(Math.Max(length, 1)).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        _trace.Append(Hex(pc, _cpu.RegisterWidth(_pc))).Append("  ").Append(hex.PadRight(23)).Append(' ').Append(assembly).Append('\n');
    }

    private void AppendChanges(StepResult result)
    {
        for (int i = 0; i < _registers.Length; i++)
        {
            ulong now = _cpu.ReadRegister(_registers[i]);
            if (now == _before[i])
                continue;
            int width = _cpu.RegisterWidth(_registers[i]);
            _trace.Append("    ").Append(_options.Registers[i]).Append(' ').Append(Hex(_before[i], width)).Append(" -> ").Append(Hex(now, width));
            if (_options.Annotate(_options.Registers[i], _before[i], now) is { Length: > 0 } note)
                _trace.Append("  ").Append(note);
            _trace.Append('\n');
            _before[i] = now;
        }

        for (int i = 0; i < _memory.Length; i++)
        {
            byte[] now = new byte[_memory[i].Length];
            _cpu.ReadMemory(_options.Memory[i].Address, now);
            MemoryDump.AppendDifferences(_trace, _options.Memory[i], _memory[i], now);
            _memory[i] = now;
        }

        if (result.Trap >= 0)
        {
            _traps[result.Trap] = _traps.GetValueOrDefault(result.Trap) + 1;
            _trace.Append("    trap ").Append(_options.TrapName(result.Trap));
            if (result.Argument != 0)
                _trace.Append(CultureInfo.InvariantCulture, $" (0x{result.Argument:x})");
            _trace.Append('\n');
        }
    }

    private void AppendState(StringBuilder text)
    {
        int names = Math.Max(_options.ProgramCounter.Length, _options.Registers.Select(r => r.Length).DefaultIfEmpty(0).Max());
        text.Append(_options.ProgramCounter.PadRight(names)).Append(' ').Append(Hex(_cpu.ReadRegister(_pc), _cpu.RegisterWidth(_pc))).Append('\n');
        for (int i = 0; i < _registers.Length; i++)
        {
            ulong value = _cpu.ReadRegister(_registers[i]);
            text.Append(_options.Registers[i].PadRight(names)).Append(' ').Append(Hex(value, _cpu.RegisterWidth(_registers[i])));
            if (_options.Annotate(_options.Registers[i], value, value) is { Length: > 0 } note)
                text.Append("  ").Append(note);
            text.Append('\n');
        }
    }

    private void Capture()
    {
        for (int i = 0; i < _registers.Length; i++)
            _before[i] = _cpu.ReadRegister(_registers[i]);
        for (int i = 0; i < _memory.Length; i++)
            _cpu.ReadMemory(_options.Memory[i].Address, _memory[i]);
    }

    private static string Hex(ulong value, int width) => value.ToString("x" + ((width + 3) / 4), CultureInfo.InvariantCulture);
}
