using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.System.Tests.Guest;

/// <summary>One situation to provoke: what to write into memory before it starts (its code too), and what to do after each event.</summary>
internal sealed class Scenario(string name)
{
    private readonly List<Patch> patches = [];
    private readonly List<uint> actions = [];
    private readonly List<MemoryRange> dumps = [];
    private readonly Dictionary<uint, string> marks = [];
    private readonly List<(Label Label, string Name)> pending = [];

    /// <summary>Name, unique among all scenarios.</summary>
    public string Name { get; } = name;

    /// <summary>Row of the table this scenario is a cell of; null when it has lines of its own.</summary>
    public string? Row { get; init; }

    /// <summary>True when other emulators do not survive it.</summary>
    public bool OwnOnly { get; init; }

    public IReadOnlyList<Patch> Patches => patches;

    public IReadOnlyList<uint> Actions => actions;

    public IReadOnlyList<MemoryRange> Dumps => dumps;

    /// <summary>Names of addresses in the code; 16-bit ones by offset.</summary>
    public IReadOnlyDictionary<uint, string> Marks => marks;

    /// <summary>32-bit code; the scenario starts at <see cref="Layout.Code32"/> at level 0, with flat segments.</summary>
    public Scenario Code(Action<Assembler> body, uint at = Layout.Code32) => Assemble(32, at, at, body);

    /// <summary>16-bit code in segment <see cref="Layout.Code16Segment"/>.</summary>
    public Scenario Code16(Action<Assembler> body, uint offset = 0) => Assemble(16, offset, Layout.Code16 + offset, body);

    /// <summary>Level 3 with flat segments.</summary>
    public Scenario User(Action<Assembler> body, int iopl = 0, uint flags = 0)
    {
        Code(c => UserEntry(c, iopl, flags));
        return Code(body, Layout.User32);
    }

    /// <summary>Virtual-8086 mode; DS, ES, FS and GS hold 4000, 1111, 2222, 3333.</summary>
    public Scenario Virtual(Action<Assembler> body, int iopl = 0, uint flags = 0)
    {
        Code(c =>
        {
            uint[] frame =
            [
                0x3333, 0x2222, 0x4000, 0x1111, Layout.Stack16Segment, Layout.Stack16Top, 0x20002 | ((uint)iopl << 12) | flags, Layout.Code16Segment, 0,
            ];
            foreach (var word in frame)
                c.push((int)word);
            c.iretd();
        });
        return Code16(body);
    }

    /// <summary>Emits the way from level 0 to <see cref="Layout.User32"/> at level 3; DS and ES become the user's.</summary>
    public static void UserEntry(Assembler c, int iopl = 0, uint flags = 0)
    {
        c.mov(ecx, Selectors.Data3);
        c.mov(ds, cx);
        c.mov(es, cx);
        c.mov(ecx, Variables.InitialRegisters[1]);
        c.push(Selectors.Data3);
        c.push((int)Layout.Stack3);
        c.push(2 | (iopl << 12) | (int)flags);
        c.push(Selectors.Code3);
        c.push((int)Layout.User32);
        c.iretd();
    }

    /// <summary>Names the next instruction in the output.</summary>
    public void Mark(Assembler c, string mark)
    {
        var label = c.CreateLabel();
        c.Label(ref label);
        pending.Add((label, mark));
    }

    /// <summary>The instruction a scenario ends with when nothing else ended it; it works in every mode.</summary>
    public void End(Assembler c)
    {
        Mark(c, "end");
        c.ud2();
    }

    public Scenario Write(uint at, params byte[] bytes)
    {
        patches.Add(new Patch(at, bytes.Length, bytes));
        return this;
    }

    public Scenario Words(uint at, params uint[] words) => Write(at, [.. words.SelectMany(BitConverter.GetBytes)]);

    public Scenario Quads(uint at, params ulong[] words) => Write(at, [.. words.SelectMany(BitConverter.GetBytes)]);

    public Scenario Clear(uint at, int length)
    {
        patches.Add(new Patch(at, length, null));
        return this;
    }

    public Scenario Gdt(int selector, ulong descriptor) => Quads(Layout.Gdt + ((uint)selector & 0xFFF8), descriptor);

    public Scenario Idt(int vector, ulong gate) => Quads(Layout.Idt + ((uint)vector * 8), gate);

    /// <summary>What to do after the first event, the second one and so on; then the scenario ends.</summary>
    public Scenario Then(params uint[] after)
    {
        actions.AddRange(after);
        return this;
    }

    /// <summary>The same action after so many events.</summary>
    public Scenario Repeat(int times, uint action)
    {
        actions.AddRange(Enumerable.Repeat(action, times));
        return this;
    }

    /// <summary>Prints 32-bit words of memory at the end.</summary>
    public Scenario Show(string label, uint at, int words = 1)
    {
        dumps.Add(new MemoryRange(label, at, words));
        return this;
    }

    private Scenario Assemble(int bits, uint origin, uint at, Action<Assembler> body)
    {
        pending.Clear();
        var assembler = new Assembler(bits);
        body(assembler);
        using var stream = new MemoryStream();
        var result = assembler.Assemble(new StreamCodeWriter(stream), origin, BlockEncoderOptions.ReturnNewInstructionOffsets);
        foreach (var (label, mark) in pending)
            marks[(uint)result.GetLabelRIP(label)] = mark;
        return Write(at, stream.ToArray());
    }
}
