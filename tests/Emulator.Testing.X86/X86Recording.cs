using System.Globalization;

namespace Emulator.Testing.X86;

/// <summary>What to show of an x86 run.</summary>
public static class X86Recording
{
    /// <summary>General registers, segment selectors and flags.</summary>
    public static IReadOnlyList<string> Registers { get; } =
        ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "es.sel", "cs.sel", "ss.sel", "ds.sel", "fs.sel", "gs.sel", "eflags"];

    // SDM vol. 1, 3.4.3: bit positions in EFLAGS.
    private static readonly (int Bit, string Name)[] Flags =
    [
        (0, "CF"), (2, "PF"), (4, "AF"), (6, "ZF"), (7, "SF"), (8, "TF"), (9, "IF"), (10, "DF"), (11, "OF"),
        (12, "IOPL0"), (13, "IOPL1"), (14, "NT"), (16, "RF"), (17, "VM"), (18, "AC"), (19, "VIF"), (20, "VIP"), (21, "ID"),
    ];

    // Trap number of a maskable interrupt in isa/x86/state.isa.
    private const int MaskableInterrupt = 255;

    // SDM vol. 3, 6.3.1, table 6-1.
    private static readonly string[] Traps =
    [
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "9", "#TS", "#NP", "#SS", "#GP", "#PF", "15", "#MF", "#AC", "#MC",
    ];

    /// <summary>Options for a run with linear code addresses (paging off, code at <c>CS.base + EIP</c>).</summary>
    /// <param name="disassemble">Length and text of an instruction at an address.</param>
    /// <param name="memory">Memory to watch.</param>
    public static RunRecorderOptions Options(Func<ITestCpu, byte[], ulong, (int Length, string Text)> disassemble, params MemoryWindow[] memory) => new()
    {
        ProgramCounter = "eip",
        Registers = Registers,
        Memory = memory,
        Disassemble = disassemble,
        CodeAddress = static (cpu, pc) => (uint)(cpu.Get("cs.base") + pc),
        TrapName = TrapName,
        Annotate = static (name, before, after) => name == "eflags" ? FlagNames(before, after) : "",
    };

    /// <summary>Mnemonic of an exception vector, <c>interrupt</c> for the number that stands for all maskable ones, or <c>int 0x..</c>.</summary>
    public static string TrapName(int vector) =>
        vector == MaskableInterrupt ? "interrupt" : (uint)vector < (uint)Traps.Length ? Traps[vector] : "int 0x" + vector.ToString("x2", CultureInfo.InvariantCulture);

    /// <summary>Flags that differ as <c>+CF -ZF</c>; for equal values those that are set.</summary>
    public static string FlagNames(ulong before, ulong after) =>
        before == after
            ? string.Join(' ', Flags.Where(f => (after >> f.Bit & 1) != 0).Select(f => f.Name))
            : string.Join(' ', Flags.Where(f => ((before ^ after) >> f.Bit & 1) != 0).Select(f => ((after >> f.Bit & 1) != 0 ? '+' : '-') + f.Name));
}
