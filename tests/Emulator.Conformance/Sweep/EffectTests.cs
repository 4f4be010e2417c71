using System.Globalization;
using Emulator.Runtime;
using Emulator.X86;
using Iced.Intel;

namespace Emulator.Conformance.Sweep;

/// <summary>The read, write and flag sets derived from the spec against those of Iced.</summary>
public sealed class EffectTests
{
    private const uint Ip = 0x1000;

    // Instruction, set (reads, writes, flags read, flags written), name, who has it (spec or iced).
    private const int ListFields = 4;

    // Decoded and disassembled only.
    private static readonly HashSet<string> OtherFiles = ["fpu.isa", "mmx.isa", "sse.isa", "sse2.isa"];

    /// <summary>Differences are only those of Sweep/effect-differences.txt, and all of those exist.</summary>
    [Fact]
    public void Derived_sets_agree_with_Iced()
    {
        IReadOnlyList<FormInfo> forms = X86Metadata.Instance.Forms;
        IcedEffects?[] theirs = Collect(forms.Count);
        var list = new DifferenceList(Path.Combine(AppContext.BaseDirectory, "Sweep", "effect-differences.txt"), ListFields);
        int compared = 0;
        for (int i = 0; i < forms.Count; i++)
        {
            if (theirs[i] is not { } iced || OtherFiles.Contains(Path.GetFileName(forms[i].File)))
                continue;
            compared++;
            Compare(list, forms[i], "reads", forms[i].Reads.Where(IcedEffects.Names.Contains), iced.Reads);
            Compare(list, forms[i], "writes", forms[i].Writes.Where(IcedEffects.Names.Contains), iced.Writes);
            Compare(list, forms[i], "flags read", Flags(forms[i].FlagsConsumed), iced.FlagsRead);
            Compare(list, forms[i], "flags written", Flags(forms[i].FlagsProduced), iced.FlagsWritten);
        }

        TestReport.Write("iced-effects", string.Create(CultureInfo.InvariantCulture,
            $"{compared} forms of the integer chapters compared, {list.Explained} differences explained by the list, {list.Unexplained} not\n"));
        string problems = list.Problems();
        Assert.True(problems.Length == 0, problems);
        Assert.True(compared > 0);
    }

    private static IEnumerable<string> Flags(IEnumerable<string> names) => names.Select(n => n.Split('.')[^1]).Where(IcedEffects.FlagNames.Contains);

    private static IcedEffects?[] Collect(int forms)
    {
        var second = new SecondOpinion();
        var effects = new IcedEffects?[forms];
        foreach (SweepCase @case in Encodings.Opcodes.SelectMany(Encodings.Of))
        {
            if (!FirstOpinion.Decode(@case.Bits, @case.Bytes, Ip, out var ours) || !second.Decode(@case.Bits, @case.Bytes, Ip, out Instruction theirs))
                continue;
            (effects[ours.Form] ??= new IcedEffects()).Add(theirs, second.Effects(theirs));
        }

        return effects;
    }

    private static void Compare(DifferenceList list, FormInfo form, string set, IEnumerable<string> spec, SortedSet<string> iced)
    {
        var ours = new SortedSet<string>(spec, StringComparer.Ordinal);
        foreach (string name in ours.Except(iced))
            list.Add($"{form.Encoding} {form.Operands}", form.Instruction, set, name, "spec");
        foreach (string name in iced.Except(ours))
            list.Add($"{form.Encoding} {form.Operands}", form.Instruction, set, name, "iced");
    }
}
