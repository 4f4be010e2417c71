using System.Text.RegularExpressions;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance.Text;

/// <summary>Our texts against those of GNU binutils, and the words its assembler makes of them.</summary>
public sealed partial class GnuTextTests
{
    /// <summary>Firmware with a few thousand lines of C and assembly in it (Debian: opensbi).</summary>
    private const string Firmware = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf";

    private const int PerForm = 60;
    private const int AnyWords = 20_000;

    [GnuTheory(Firmware)]
    [InlineData(false)]
    [InlineData(true)]
    public void Firmware_is_disassembled_alike(bool pseudo)
    {
        List<Gnu.Line> lines = Gnu.DisassembleWithoutAttributes(Firmware, pseudo);
        Assert.True(lines.Count > 20_000, $"{lines.Count} lines");
        Compare("OpenSBI", 64, lines, pseudo);
    }

    [GnuTheory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void Random_words_are_disassembled_alike(int xlen, bool pseudo)
    {
        var random = new Random(41 + xlen);
        (uint Word, int Length)[] words = [.. OfEveryForm(xlen, random).Select(w => (w.Word, w.Length)), .. Enumerable.Range(0, AnyWords).Select(_ => Any(random))];
        List<Gnu.Line> lines = Gnu.Disassemble(xlen, words, pseudo);
        Assert.Equal(words, lines.Select(l => (l.Word, l.Length)));
        Compare("random words", xlen, lines, pseudo);
    }

    [GnuTheory]
    [InlineData(32, false)]
    [InlineData(32, true)]
    [InlineData(64, false)]
    [InlineData(64, true)]
    public void Texts_assemble_to_the_same_words(int xlen, bool pseudo)
    {
        RiscvWidth width = RiscvWidth.Of(xlen);
        var wrong = new List<string>();
        var cases = new List<(uint Word, int Length, ulong Pc, string Text)>();
        ulong pc = 0;
        int otherwise = 0;
        foreach ((uint word, int length, int form) in OfEveryForm(xlen, new Random(97 + xlen)))
        {
            string text = width.Disassemble(FormSampler.Bytes(word, length), pc, pseudo);
            uint expected = word;

            // Back with our own assembler: the same word, but for what a text does not show, which then is zero. Two encodings may share a pseudo-instruction: addi sp, sp, -32.
            if (width.Assemble(text, pc, pseudo, out string error) is not { } back) wrong.Add($"{word:x8} {text}: {error}");
            else if (width.Disassemble(back, pc, pseudo) != text || back.Length > length) wrong.Add($"{word:x8} {text}: assembled to {Convert.ToHexString(back)}");
            else if (back.Length == length)
            {
                expected = length == 2 ? BitConverter.ToUInt16(back) : BitConverter.ToUInt32(back);
                if (expected != word && !pseudo && !Hides(width.Metadata.Forms[form].Instruction)) wrong.Add($"{word:x8} {text}: assembled to {expected:x8}");
            }

            if (GnuDifferences.IsAssembledOtherwise(text, length))
            {
                otherwise++;
                continue;
            }

            cases.Add((expected, length, pc, text));
            pc += (ulong)length;
        }

        List<(uint Word, int Length)> theirs = Gnu.Assemble(xlen, cases.Select(c => (Relative(c.Text, c.Pc, xlen), c.Length)));
        Assert.Equal(cases.Count, theirs.Count);
        for (int i = 0; i < cases.Count; i++)
        {
            if (theirs[i] != (cases[i].Word, cases[i].Length)) wrong.Add($"{cases[i].Word:x8} {cases[i].Text}: GNU makes {theirs[i].Word:x8} of it");
        }

        TestReport.Write(Report("assembled", xlen, pseudo), $"rv{xlen}{(pseudo ? " with pseudo-instructions" : "")}: {cases.Count} texts assembled to the same words, {otherwise} more that GNU's assembler treats otherwise");
        Assert.True(otherwise < cases.Count / 40);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases.Count}:\n" + string.Join('\n', wrong.Take(40)));
    }

    private static void Compare(string of, int xlen, List<Gnu.Line> lines, bool pseudo)
    {
        RiscvWidth width = RiscvWidth.Of(xlen);
        var differences = new GnuDifferences(xlen);
        var wrong = new List<string>();
        int different = 0;
        foreach (Gnu.Line line in lines)
        {
            string ours = width.Disassemble(FormSampler.Bytes(line.Word, line.Length), line.Address, pseudo);
            bool agree = differences.Agree(line, ours, pseudo, out bool same);
            if (!same) different++;
            if (!agree) wrong.Add($"{line.Address:x} {line.Word:x8}: {ours}; GNU: {line.Text}");
        }

        TestReport.Write(Report(of, xlen, pseudo), $"{of}, rv{xlen}{(pseudo ? " with pseudo-instructions" : "")}: {lines.Count} texts, {lines.Count - different} the same" + string.Concat(differences.Met.Select(d => $"\n{d.Value,6} {d.Key}")));
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Count}:\n" + string.Join('\n', wrong.Take(40)));
    }

    private static string Report(string of, int xlen, bool pseudo) => $"riscv-gnu-{of.Replace(' ', '-').ToLowerInvariant()}-rv{xlen}{(pseudo ? "-pseudo" : "")}";

    /// <summary>Instructions of which the text does not show everything: reserved bits that are ignored.</summary>
    private static bool Hides(string instruction) => instruction is "FENCE" or "FENCE_I";

    /// <summary>Random instructions of every form; registers zero and one, and immediates of all ones, are frequent: pseudo-instructions have them.</summary>
    private static List<(uint Word, int Length, int Form)> OfEveryForm(int xlen, Random random)
    {
        RiscvWidth width = RiscvWidth.Of(xlen);
        var sampler = new FormSampler(width);
        Assert.Equal(width.Metadata.Forms.Count, sampler.Samples.Count);
        var words = new List<(uint, int, int)>();
        foreach (FormSample sample in sampler.Samples.Values.OrderBy(s => s.Form))
        {
            words.Add((sample.Example, sample.Length, sample.Form));
            for (int i = 0; i < PerForm; i++)
            {
                if (sampler.Random(sample, random) is not { } word) continue;
                foreach (int field in (int[])[7, 15, 20]) word = random.Next(12) switch { 0 or 1 => Set(word, 31u << field, 0), 2 => Set(word, 31u << field, 1u << field), _ => word };
                word = random.Next(16) switch { 0 => Set(word, 0xFFF0_0000, 0), 1 => Set(word, 0xFFF0_0000, 0xFFF0_0000), 2 => Set(word, 0xFFF0_0000, 0x0FF0_0000), 3 => Set(word, 0xFFF0_0000, 0x0010_0000), 4 => Set(word, 0xFFF0_0000, 0xC000_0000), _ => word };
                if (sample.Length == 2) word &= 0xFFFF;
                if (width.Decode(FormSampler.Bytes(word, sample.Length), 0) is { } decoded && decoded.Form == sample.Form) words.Add((word, sample.Length, sample.Form));
            }

            uint Set(uint word, uint mask, uint value) => word & ~(mask & sample.Free) | value & mask & sample.Free;
        }

        return words;
    }

    /// <summary>Any word, more often one of the major opcodes in use.</summary>
    private static (uint Word, int Length) Any(Random random)
    {
        uint word = (uint)random.NextInt64();
        if (random.Next(3) == 0) return (word & 0xFFFC | (uint)random.Next(3), 2);
        byte[] majors = [0x03, 0x07, 0x0F, 0x13, 0x17, 0x1B, 0x23, 0x27, 0x2F, 0x33, 0x37, 0x3B, 0x43, 0x47, 0x53, 0x63, 0x67, 0x6F, 0x73];
        word = word & ~0x7Fu | majors[random.Next(majors.Length)];
        return (random.Next(2) == 0 ? word & 0x01FF_FFFF | (uint)random.Next(8) << 27 | (uint)random.Next(2) << 25 : word, 4);
    }

    /// <summary>A jump's or branch's target relative to the instruction: a number alone would be an absolute address to GNU's assembler.</summary>
    private static string Relative(string text, ulong pc, int xlen) => Target().Replace(text, m =>
    {
        long distance = (long)(Convert.ToUInt64(m.Groups[2].Value, 16) - pc);
        if (xlen == 32) distance = (int)distance;
        return $"{m.Groups[1].Value}.{(distance < 0 ? "-" : "+")}{Math.Abs(distance)}";
    });

    [GeneratedRegex("^((?:c\\.)?(?:beqz?|bnez?|blt|bge|bltu|bgeu|bltz|bgez|blez|bgtz|j|jal) (?:[a-z]\\w+, ){0,2})(0x[0-9a-f]+)$")]
    private static partial Regex Target();
}
