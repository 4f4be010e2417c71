using System.Text;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The report as Markdown: verdict first, then the class matrix, critical forms with their witnesses, resources and traps.</summary>
public static class MarkdownReport
{
    public static string Write(IReadOnlyList<IsaReport> reports)
    {
        var text = new StringBuilder();
        foreach (IsaReport report in reports)
        {
            text.Append($"# {report.Isa}: virtualizability\n\n");
            foreach (ProfileReport profile in report.Profiles) Profile(text, profile);
            if (report.Findings.Count == 0) continue;
            text.Append("## Findings\n\n");
            foreach (Finding f in report.Findings) text.Append($"- {f.File}({f.Line},{f.Column}): {f.Severity} {f.Id}: {Escape(f.Message)}\n");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static void Profile(StringBuilder text, ProfileReport profile)
    {
        text.Append($"## Profile {profile.Profile}\n\n");
        foreach (TheoremReport t in profile.Theorems) text.Append($"- **Theorem {t.Number} {(t.Holds ? "holds" : "fails")}.** {t.Sentence}\n");
        text.Append($"\n{string.Join(", ", profile.Counts.Select(c => $"{c.Value} {c.Key}"))}.\n\n");
        if (profile.Theorems[0].Breaking.Count > 0) text.Append($"Repair set (to intercept or rewrite): {string.Join(", ", profile.Theorems[0].Breaking)}.\n\n");
        if (profile.Changes is { Count: > 0 } changes)
        {
            text.Append("### Differences from the committed verdict\n\n");
            foreach (string change in changes) text.Append($"- {Escape(change)}\n");
            text.Append('\n');
        }
        Matrix(text, profile);
        foreach (FormReport form in profile.Forms.Where(f => f.Critical)) Critical(text, form);
        text.Append("### Resources\n\n| state | role | read by | written by |\n|---|---|---|---|\n");
        foreach (ResourceReport r in profile.Resources) text.Append($"| {r.State} | {r.Role} | {string.Join(' ', r.ReadBy)} | {string.Join(' ', r.WrittenBy)} |\n");
        text.Append("\n### Traps\n\n| trap | number | kind | raised by |\n|---|---|---|---|\n");
        foreach (TrapReport t in profile.Traps) text.Append($"| {t.Trap} | {t.Number} | {t.Kind} | {(t.RaisedBy.Count > 40 ? $"{t.RaisedBy.Count} instructions" : string.Join(' ', t.RaisedBy))} |\n");
        text.Append('\n');
    }

    private static void Matrix(StringBuilder text, ProfileReport profile)
    {
        string[] modes = [.. profile.Forms.SelectMany(f => f.Access.Keys).Distinct()];
        text.Append($"### Forms that are not innocuous\n\n| instruction | form | mark | class | kinds | {string.Join(" | ", modes)} |\n|---|---|---|---|---|{string.Concat(modes.Select(_ => "---|"))}\n");
        foreach (FormReport f in profile.Forms.Where(f => f.Class != "innocuous"))
            text.Append($"| {f.Mnemonic} | `{f.Form}` | {f.Mark} | {f.Class} | {string.Join(", ", f.Kinds)} | {string.Join(" | ", modes.Select(m => f.Access.TryGetValue(m, out string? a) ? a : ""))} |\n");
        text.Append('\n');
    }

    private static void Critical(StringBuilder text, FormReport form)
    {
        text.Append($"### {form.Mnemonic} `{form.Form}`\n\n{Escape(form.Explanation ?? "")}. ({form.File}:{form.Line})\n\n");
        if ((form.Reviewed ?? form.Reason) is { } reason) text.Append($"{Escape(reason)}\n\n");
        if (form.Witness is not { } w) return;
        text.Append($"Witness, bytes `{w.Bytes}`:\n\n| | reference | guest |\n|---|---|---|\n");
        foreach (SideBySide s in w.Before.Concat(w.Memory)) text.Append($"| {s.Place} | {s.Reference} | {Bold(s)} |\n");
        foreach (SideBySide s in w.After) text.Append($"| after: {s.Place} | {s.Reference} | {Bold(s)} |\n");
        text.Append('\n');
    }

    private static string Bold(SideBySide s) => s.Differs ? $"**{s.Guest}**" : s.Guest;

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
