using Emulator.Reports.Model;

namespace Emulator.Reports;

/// <summary>What differs between two verdicts: of two profiles, or of two versions of a spec.</summary>
public static class ReportDiff
{
    /// <summary>Lines a person can read: theorems, then forms; empty when the verdicts are the same.</summary>
    public static IReadOnlyList<string> Compare(ProfileReport a, ProfileReport b)
    {
        var lines = new List<string>();
        foreach ((TheoremReport x, TheoremReport y) in a.Theorems.Zip(b.Theorems))
        {
            if (x.Holds != y.Holds) lines.Add($"~ theorem {x.Number}: {Word(x.Holds)} -> {Word(y.Holds)}");
        }
        Dictionary<string, FormReport> after = b.Forms.ToDictionary(f => f.Key, StringComparer.Ordinal);
        foreach (FormReport form in a.Forms)
        {
            if (!after.Remove(form.Key, out FormReport? other)) lines.Add($"- {form.Key}: {Describe(form)}");
            else if (Describe(form) != Describe(other)) lines.Add($"~ {form.Key}: {Describe(form)} -> {Describe(other)}");
        }
        lines.AddRange(after.Values.Select(f => $"+ {f.Key}: {Describe(f)}"));
        return lines;
    }

    private static string Word(bool holds) => holds ? "holds" : "fails";

    private static string Describe(FormReport form) =>
        form.Class + (form.Traps && form.Class == "sensitive" ? ", traps" : "") + (form.Kinds.Count > 0 ? $" ({string.Join(", ", form.Kinds)})" : "")
        + (form.Access.Values.Any(a => a != "always") ? " [" + string.Join(", ", form.Access.Select(a => $"{a.Key} {a.Value}")) + "]" : "");
}
