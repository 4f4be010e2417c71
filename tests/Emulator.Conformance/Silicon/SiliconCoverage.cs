using System.Globalization;
using System.Text;
using Emulator.Runtime;

namespace Emulator.Conformance.Silicon;

/// <summary>How often each of the spec's integer forms was executed.</summary>
internal sealed class SiliconCoverage(IsaMetadata metadata)
{
    // The chapters that are not the integer machine.
    private static readonly HashSet<string> OtherFiles = ["fpu.isa", "mmx.isa", "sse.isa", "sse2.isa"];

    private readonly long[] _cases = new long[metadata.Forms.Count];
    private readonly long[] _completed = new long[metadata.Forms.Count];

    /// <summary>Counts a case; a negative form (rejected by decoding) is nobody's.</summary>
    public void Count(int form, bool completed)
    {
        if (form < 0)
            return;
        _cases[form]++;
        if (completed)
            _completed[form]++;
    }

    /// <summary>A line per form: cases, those that completed without an exception, instruction, encoding.</summary>
    public void Append(StringBuilder text)
    {
        for (int i = 0; i < metadata.Forms.Count; i++)
        {
            if (IsInteger(i))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {_cases[i],7} {_completed[i],7}  {Name(i)}");
        }
    }

    /// <summary>Forms without a case that are not listed, and listed ones that have cases or do not exist.</summary>
    public IReadOnlyList<string> Uncovered(IReadOnlyList<SiliconList> listed)
    {
        var wrong = new List<string>();
        var used = new HashSet<SiliconList>();
        for (int i = 0; i < metadata.Forms.Count; i++)
        {
            FormInfo form = metadata.Forms[i];
            SiliconList? entry = listed.FirstOrDefault(l => l.Covers(form.Instruction, form.Encoding));
            if (entry is not null)
                used.Add(entry);
            if (IsInteger(i) && _cases[i] == 0 && entry is null)
                wrong.Add("never executed: " + Name(i));
            if (_cases[i] != 0 && entry is not null)
                wrong.Add("listed, but executed: " + Name(i));
        }

        wrong.AddRange(listed.Where(l => !used.Contains(l)).Select(l => $"listed, but no such form: {l.Instruction} ; {l.Encoding}"));
        return wrong;
    }

    private bool IsInteger(int form) => !OtherFiles.Contains(Path.GetFileName(metadata.Forms[form].File));

    private string Name(int form) => $"{metadata.Forms[form].Instruction} ; {metadata.Forms[form].Encoding}";
}
