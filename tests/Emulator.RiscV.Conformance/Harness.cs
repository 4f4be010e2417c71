using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>The program around the blocks: loads the registers of a case, enters its block, and stores the registers when a trap ends it.</summary>
internal static class Harness
{
    private static readonly string[] s_names =
        "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".Split(' ');

    /// <summary>Assembles it for a number of cases.</summary>
    public static byte[] Build(RiscvWidth width, Layout layout, int cases)
    {
        string load = width.Xlen == 64 ? "ld" : "lw", store = width.Xlen == 64 ? "sd" : "sw";
        int word = width.Word, inputSize = layout.InputWords * word, resultSize = layout.ResultWords * word;

        // Variables: 0 next case, 1 next input, 2 next result, 3 cases left, 4 a register's place.
        string Variable(int index) => $"{index * word}(sp)";
        var lines = new List<string>();
        void Add(params string[] more) => lines.AddRange(more);
        void Constant(string register, ulong value)
        {
            // Addresses above 2 GB are not those of LUI on RV64: build them by shifts.
            Add($"addi {register}, zero, {value >> 22}");
            Add($"slli {register}, {register}, 0xb", $"addi {register}, {register}, {(value >> 11) & 0x7FF}", $"slli {register}, {register}, 0xb", $"addi {register}, {register}, {value & 0x7FF}");
        }

        Constant("sp", Layout.Context);
        Add("auipc t0, 0x0", "addi t0, t0, 4", "csrrw zero, mscratch, sp");
        Constant("t0", Layout.Base + 0x1000);
        Add("csrrw zero, mtvec, t0");
        foreach ((int index, ulong value) in ((int, ulong)[])[(0, Layout.Cases), (1, Layout.Inputs), (2, Layout.Results), (3, (ulong)cases)])
        {
            Constant("t0", value);
            Add($"{store} t0, {Variable(index)}");
        }

        // No timer: the comparator's reset value is not the same everywhere.
        Add("lui t0, 0x2004", "addi t1, zero, -1", "sw t1, 0(t0)", "sw t1, 4(t0)");
        Add("jal zero, {next}", "next:");
        Add($"{load} t0, {Variable(3)}", "beq t0, zero, {done}", "addi t0, t0, -1", $"{store} t0, {Variable(3)}");
        Add($"{load} t1, {Variable(0)}", $"{load} t0, 0(t1)", "csrrw zero, mepc, t0", $"addi t1, t1, {word}", $"{store} t1, {Variable(0)}");

        // The state every case starts in: no reservation, machine mode, floating point on where there is any, everything else zero.
        Add("sc.w zero, zero, (sp)");
        foreach (string csr in Layout.Csrs.Where(c => c is not ("mepc" or "mstatus")))
            Add($"csrrw zero, {csr}, zero");
        Add($"lui t0, 0x{(layout.Floating ? 8 : 2):x}", "addi t0, t0, -2048", "csrrw zero, mstatus, t0");
        Add($"{load} t6, {Variable(1)}", $"addi t0, t6, {inputSize}", $"{store} t0, {Variable(1)}");
        if (layout.Floating)
        {
            Add("csrrwi zero, fcsr, 0x0");
            for (int i = 0; i < 32; i++)
                Add($"fld {FloatName(i)}, {(32 * word) + (8 * i)}(t6)");
        }

        for (int i = 1; i < 32; i++)
            Add($"{load} {s_names[i]}, {i * word}(t6)");
        Add("mret");

        Add("done:", "lui t0, 0x100", "lui t1, 0x5", "addi t1, t1, 0x555", "sw t1, 0(t0)", "wait:", "jal zero, {wait}");
        byte[] start = RiscvCode.Assemble(width.Xlen, Layout.Base, [.. lines]);
        ulong next = FindNext(width.Xlen, lines);

        lines.Clear();
        Add("csrrw sp, mscratch, sp", $"{store} t6, {Variable(4)}", $"{load} t6, {Variable(2)}");
        for (int i = 1; i < 31; i++)
        {
            if (i != 2)
                Add($"{store} {s_names[i]}, {i * word}(t6)");
        }

        Add("csrrs ra, mscratch, zero", $"{store} ra, {2 * word}(t6)", $"{load} ra, {Variable(4)}", $"{store} ra, {31 * word}(t6)");
        string[] csrs = layout.Floating ? [.. Layout.Csrs, "fcsr"] : Layout.Csrs;
        string Place(string csr) => $"{(32 + layout.FloatWords + Array.IndexOf(csrs, csr)) * word}(t6)";
        Add("csrrs ra, mstatus, zero", $"{store} ra, {Place("mstatus")}");
        if (layout.Floating)
        {
            Add("lui ra, 0x6", "csrrs zero, mstatus, ra"); // the block may have switched floating point off
            for (int i = 0; i < 32; i++)
                Add($"fsd {FloatName(i)}, {(32 * word) + (8 * i)}(t6)");
        }

        foreach (string csr in csrs.Where(c => c != "mstatus"))
            Add($"csrrs ra, {csr}, zero", $"{store} ra, {Place(csr)}");
        Add($"addi t6, t6, {resultSize}", $"{store} t6, {Variable(2)}", "csrrw zero, mscratch, sp", $"jal zero, 0x{next:x}");
        byte[] end = RiscvCode.Assemble(width.Xlen, Layout.Base + 0x1000, [.. lines]);

        var code = new byte[0x1000 + end.Length];
        start.CopyTo(code, 0);
        end.CopyTo(code, 0x1000);
        return code;
    }

    /// <summary>Name of a floating-point register in the calling convention.</summary>
    private static string FloatName(int number) => number switch
    {
        < 8 => $"ft{number}",
        < 10 => $"fs{number - 8}",
        < 18 => $"fa{number - 10}",
        < 28 => $"fs{number - 16}",
        _ => $"ft{number - 20}",
    };

    /// <summary>Address of the label <c>next</c>: what is before it, assembled alone, is as long.</summary>
    private static ulong FindNext(int xlen, List<string> lines)
    {
        int at = lines.IndexOf("next:");
        string[] before = [.. lines.Take(at), "next:"];
        return Layout.Base + (ulong)RiscvCode.Assemble(xlen, Layout.Base, before).Length;
    }
}
