using Emulator.X86;
using Iced.Intel;

namespace Emulator.Isa.Text.Tests;

/// <summary>The x86 texts against Iced's NASM formatter, on random encodings of every form; the conformance suite sweeps the opcode maps.</summary>
public sealed class X86AgainstIcedTests
{
    private const ulong Pc = 0x12345;

    // What processors described here do not have: their bytes mean something older.
    private static readonly string[] Later = ["Cldemote", "Prefetchit", "Tzcnt", "Lzcnt", "Wbnoinvd", "Prefetchrst", "Prefetchw"];

    // Written as pseudo-operations there, with the immediate here.
    private static readonly string[] Pseudo = ["Cmpps", "Cmppd", "Cmpss", "Cmpsd_"];

    // Segment and size of the address in (E)DI, which has no place among the operands, are shown there.
    private static readonly string[] Implicit = ["Maskmov"];
    private static readonly string[] LaterMarks = ["bnd ", "notrack ", "xacquire ", "xrelease ", "rep ret"];

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void SameText(int bits)
    {
        var random = new Random(bits);
        var formatter = Formatter();
        var output = new StringOutput();
        var differences = new List<string>();
        int compared = 0;
        foreach (var form in X86Metadata.Instance.Forms)
        {
            for (int i = 0; i < 20; i++)
            {
                byte[] bytes = X86Text.RandomEncoding(form, random);
                int length = X86Text.Disassemble(bits, bytes, Pc, out string text);
                var decoder = Decoder.Create(bits, bytes, Pc);
                decoder.Decode(out Instruction instruction);
                if (length <= 0 || instruction.IsInvalid || Later.Concat(Pseudo).Concat(Implicit).Any(l => instruction.Code.ToString().StartsWith(l, StringComparison.Ordinal))) continue;
                formatter.Format(instruction, output);
                string other = output.ToStringAndReset();
                foreach (string mark in LaterMarks) other = other.Replace(mark, mark == "rep ret" ? "ret" : "", StringComparison.Ordinal);
                compared++;
                if (other != text) differences.Add($"{Convert.ToHexString(bytes, 0, length)} '{text}', Iced '{other}'");
            }
        }
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.True(compared > 9000, $"{compared} compared");
    }

    private static NasmFormatter Formatter()
    {
        var formatter = new NasmFormatter();
        FormatterOptions options = formatter.Options;
        options.HexPrefix = "0x";
        options.HexSuffix = null;
        options.UppercaseHex = false;
        options.SmallHexNumbersInDecimal = false;
        options.SpaceAfterOperandSeparator = true;
        options.MemorySizeOptions = MemorySizeOptions.Always;
        options.SignedMemoryDisplacements = true;
        options.BranchLeadingZeros = false;
        options.DisplacementLeadingZeros = false;
        options.NasmShowSignExtendedImmediateSize = false;
        options.AddLeadingZeroToHexNumbers = false;
        return formatter;
    }
}
