using System.Globalization;
using System.Text;
using Iced.Intel;

namespace Emulator.Conformance.Sweep;

/// <summary>The generated decoder and disassembler against Iced's: validity, length and text of every encoding of the sweep.</summary>
public sealed class DecodingTests
{
    private const uint Ip = 0x1000;

    // Kind, opcode, ModRM.reg, m or r, bits, prefix.
    private const int ListFields = 6;

    /// <summary>Differences are only those of Sweep/known-differences.txt, and all of those exist.</summary>
    [Fact]
    public void Sweep_agrees_with_Iced()
    {
        var list = new DifferenceList(Path.Combine(AppContext.BaseDirectory, "Sweep", "known-differences.txt"), ListFields);
        var second = new SecondOpinion();
        long cases = 0, valid = 0;
        foreach (SweepCase @case in Encodings.Opcodes.SelectMany(Encodings.Of).Concat(Encodings.AllAddresses()))
        {
            cases++;
            if (Compare(@case, second, list))
                valid++;
        }

        string report = string.Create(CultureInfo.InvariantCulture,
            $"{cases} encodings, {valid} valid for both, {list.Explained} differences explained by the list, {list.Unexplained} not\n");
        TestReport.Write("iced-sweep", report);
        string problems = list.Problems();
        Assert.True(problems.Length == 0, problems);
    }

    private static bool Compare(in SweepCase @case, SecondOpinion second, DifferenceList list)
    {
        bool ours = FirstOpinion.Decode(@case.Bits, @case.Bytes, Ip, out var instruction);
        bool theirs = second.Decode(@case.Bits, @case.Bytes, Ip, out Instruction other);
        if (ours != theirs)
        {
            Note(list, @case, ours ? "valid" : "invalid", ours ? FirstOpinion.Format(instruction) : second.Format(other));
            return false;
        }

        if (!ours)
            return false;
        if (instruction.Length != other.Length)
        {
            Note(list, @case, "length", $"{instruction.Length} {FirstOpinion.Format(instruction)} | {other.Length} {second.Format(other)}");
            return true;
        }

        string text = FirstOpinion.Format(instruction), otherText = second.Format(other);
        if (text != otherText)
            Note(list, @case, "text", $"{text} | {otherText}");
        return true;
    }

    private static void Note(DifferenceList list, in SweepCase @case, string kind, string example)
    {
        var shown = new StringBuilder();
        shown.Append(Convert.ToHexStringLower(@case.Bytes.AsSpan(0, 10))).Append("  ").Append(example);
        list.Add(shown.ToString(), kind, @case.OpcodeText, @case.Reg.ToString(CultureInfo.InvariantCulture), @case.IsRegister ? "r" : "m",
            @case.Bits.ToString(CultureInfo.InvariantCulture), @case.Prefix);
    }
}
