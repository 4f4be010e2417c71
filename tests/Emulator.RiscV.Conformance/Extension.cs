using Emulator.Runtime;

namespace Emulator.RiscV.Conformance;

/// <summary>An extension as far as it is compared: the spec files that describe it.</summary>
/// <param name="Name">Name as in the manual.</param>
/// <param name="Files">Files of isa/riscv whose forms belong to it.</param>
internal sealed record Extension(string Name, params string[] Files)
{
    /// <summary>Every extension that is compared; one whose files describe nothing in a width is left out there.</summary>
    public static IReadOnlyList<Extension> All { get; } =
    [
        new("I", "integer.isa", "integer64.isa", "loads.isa", "jumps.isa"),
        new("M", "muldiv.isa"),
        new("A", "atomics.isa"),
        new("F", "single.isa", "singleconversions.isa"),
        new("D", "double.isa", "doubleconversions.isa", "floatloads.isa"),
        new("C", "compressed.isa", "compressedmemory.isa"),
        new("Zba", "zba.isa"),
        new("Zbb", "zbb.isa"),
        new("Zbs", "zbs.isa"),
        new("Zicsr", "zicsr.isa"),
    ];

    /// <summary>Instructions that are not compared, and why not.</summary>
    private static readonly Dictionary<string, string> s_left = new()
    {
        ["C_EBREAK"] = "ends its block; and mtval is the address here, zero in QEMU 7.2: the manual allows both",
        ["CTZW"] = "QEMU 7.2 counts in all 64 bits of the register (corrected in 8.0); the manual counts in the low 32",
    };

    /// <summary>Whether a form belongs to it and is compared.</summary>
    public bool Has(FormInfo form) => Files.Contains(form.File) && !s_left.ContainsKey(form.Instruction);

    /// <summary>Instructions of it that are not compared, with the reasons.</summary>
    public IEnumerable<string> Left(IsaMetadata metadata) =>
        metadata.Forms.Where(form => Files.Contains(form.File) && s_left.ContainsKey(form.Instruction)).Select(form => $"{form.Instruction}: {s_left[form.Instruction]}");
}
