namespace Emulator.RiscV.Conformance;

/// <summary>Where things are in the image both machines run: harness, a word of variables, code, cases, memory that instructions use, inputs, results.</summary>
/// <param name="Word">Bytes of a register.</param>
/// <param name="Floating">Whether there are floating-point registers.</param>
internal sealed record Layout(int Word, bool Floating)
{
    /// <summary>Bytes of RAM.</summary>
    public const int MemorySize = 64 << 20;

    /// <summary>Start of RAM, and the harness.</summary>
    public const ulong Base = 0x8000_0000;

    /// <summary>The harness's variables.</summary>
    public const ulong Context = Base + 0x2000;

    /// <summary>Memory that instructions use; pointers are to its middle.</summary>
    public const ulong Data = Base + 0x10000, DataSize = 0x4000, DataMiddle = Data + (DataSize / 2);

    /// <summary>Code of the blocks.</summary>
    public const ulong Code = Base + 0x10_0000;

    /// <summary>Addresses of the blocks in the order of the cases.</summary>
    public const ulong Cases = Base + 0xD0_0000;

    /// <summary>Pages of page tables, and pages of ECALL instructions.</summary>
    public const ulong Tables = Base + 0xE0_0000, TablesSize = 0x20_0000, Calls = Base + 0x100_0000, CallsSize = 0x20_0000;

    /// <summary>Registers at the start of each case.</summary>
    public const ulong Inputs = Base + 0x120_0000;

    /// <summary>Registers at the end of each case.</summary>
    public const ulong Results = Base + 0x240_0000;

    /// <summary>Control and status registers stored at the end of each case, in this order: those that both machines keep with the same bits.</summary>
    public static readonly string[] Csrs = ["mcause", "mepc", "mtval", "mstatus", "sscratch", "sepc", "scause", "stval", "stvec", "satp", "mie", "mideleg"];

    /// <summary>Registers in an input: x0 is not used, x1 to x31, then f0 to f31.</summary>
    public int InputWords => 32 + FloatWords;

    /// <summary>Words of a result: x1 to x31 in their places, then f0 to f31, CSRs, and with floating point fcsr.</summary>
    public int ResultWords => 32 + FloatWords + Csrs.Length + (Floating ? 1 : 0);

    /// <summary>Words of the floating-point registers, which have 64 bits.</summary>
    public int FloatWords => Floating ? 32 * 8 / Word : 0;

    /// <summary>Most cases of an image.</summary>
    public int MostCases => (int)Math.Min((Results - Inputs) / (ulong)(InputWords * Word), (ulong)(MemorySize - (4 << 20) - (int)(Results - Base)) / (ulong)(ResultWords * Word));

    /// <summary>Where the registers of a case are stored, as an offset into RAM.</summary>
    public int ResultOffset(int number) => (int)(Results - Base) + (number * ResultWords * Word);

    /// <summary>What a word of a result is.</summary>
    public string NameOf(int word)
    {
        if (word < 32)
            return $"x{word}";
        if (word < 32 + FloatWords)
            return $"f{(word - 32) * Word / 8}";
        int csr = word - 32 - FloatWords;
        return csr < Csrs.Length ? Csrs[csr] : "fcsr";
    }
}
