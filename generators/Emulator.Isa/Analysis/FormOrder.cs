using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>The order in which forms are tried: a form marked <c>over NAME</c> before those of instruction NAME, others as declared.</summary>
public static class FormOrder
{
    /// <summary>Whether a form deliberately takes precedence over another.</summary>
    public static bool IsOver(FormModel form, FormModel other) => form.Over.Contains(other.Instruction.Name) && !ReferenceEquals(form, other);

    /// <summary>Sorts forms, stably; a cycle of <c>over</c> falls back to the order of declaration.</summary>
    public static List<FormModel> Sort(IEnumerable<FormModel> forms)
    {
        var rest = forms.OrderBy(f => f.Index).ToList();
        if (rest.TrueForAll(f => f.Over.IsEmpty)) return rest;
        var result = new List<FormModel>(rest.Count);
        while (rest.Count > 0)
        {
            int next = rest.FindIndex(f => !rest.Exists(g => IsOver(g, f)));
            if (next < 0) next = 0;
            result.Add(rest[next]);
            rest.RemoveAt(next);
        }
        return result;
    }
}
