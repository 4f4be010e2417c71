using System.Net;
using System.Text;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The report as one self-contained page: verdicts of all profiles first, then every form with its class in each profile, opening to spec lines, explanation and witness.</summary>
public static class HtmlReport
{
    private const string Words =
        "<details class=\"words\"><summary>What the words mean; keys</summary>\n<p><b>Privileged</b>: traps in every guest state. <b>Sensitive</b>: changes resources a monitor must control, or lets "
        + "their state be seen; traps wherever that matters. <b>Critical</b>: sensitive, and somewhere goes on without a trap; a monitor must intercept or rewrite it by other means. <b>Innocuous</b>: none of "
        + "these. Theorem 1: a monitor can be constructed if no form is critical. Theorem 2: recursively, if it also has no timing dependencies. Theorem 3: a hybrid monitor, which interprets virtual supervisor "
        + "code, if no form is critical between user states. The conditions are sufficient, not necessary.</p>\n<p><kbd>/</kbd> text, <kbd>j</kbd> <kbd>k</kbd> next and previous form, <kbd>Enter</kbd> opens and "
        + "closes, <kbd>x</kbd> clears the filters, <kbd>Esc</kbd> leaves a field. Printing opens the critical forms shown.</p>\n</details>\n";

    /// <summary>The page of one instruction set.</summary>
    public static string Write(IsaReport report)
    {
        var html = new StringBuilder();
        html.Append($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{E(report.Isa)}: virtualizability</title>\n");
        html.Append($"<style>\n{Resource("report.css")}</style>\n</head>\n<body style=\"--profiles: {report.Profiles.Count}\">\n<button id=\"theme\" type=\"button\">Theme: system</button>\n");
        Verdict(html, report);
        Filters(html, report);
        HtmlForms.Write(html, report);
        Tables(html, report);
        html.Append($"<script>\n{Resource("report.js")}</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    internal static string E(string text) => WebUtility.HtmlEncode(text);

    private static void Verdict(StringBuilder html, IsaReport report)
    {
        int holding = report.Profiles.Count(p => p.Theorems[0].Holds);
        (string word, string css) = holding == report.Profiles.Count ? ("virtualizable", "holds") : holding == 0 ? ("not virtualizable", "fails") : ($"virtualizable under {holding} of {report.Profiles.Count} profiles", "fails");
        html.Append($"<h1>{E(report.Isa)}: <span class=\"{css}\">{word}</span></h1>\n<p class=\"dim\">In the sense of Popek and Goldberg (1974); derived from the description of the instruction set.</p>\n");
        html.Append("<table class=\"verdict\">\n<tr><th>Profile</th><th>Theorem 1: a monitor</th><th>Theorem 2: recursively</th><th>Theorem 3: a hybrid monitor</th>");
        foreach (string c in Classes(report)) html.Append($"<th class=\"number {c}\">{c}</th>");
        html.Append("</tr>\n");
        foreach (ProfileReport p in report.Profiles)
        {
            html.Append($"<tr><th>{E(p.Profile)}</th>");
            foreach (TheoremReport t in p.Theorems) html.Append($"<td><span class=\"{(t.Holds ? "holds" : "fails")}\">{(t.Holds ? "holds" : "fails")}</span><br><small>{E(t.Sentence)}</small></td>");
            foreach (string c in Classes(report)) html.Append($"<td class=\"number {c}\">{(p.Counts.TryGetValue(c, out int n) ? n : 0)}</td>");
            html.Append("</tr>\n");
        }
        html.Append("</table>\n");
        Repair(html, report);
        html.Append(Words);
        foreach (ProfileReport p in report.Profiles.Where(p => p.Changes is { Count: > 0 }))
            html.Append($"<h2>Differences from the committed verdict of {E(p.Profile)}</h2>\n<ul>{string.Concat(p.Changes!.Select(c => $"<li>{E(c)}</li>"))}</ul>\n");
    }

    /// <summary>What to intercept or rewrite, said once where profiles agree.</summary>
    private static void Repair(StringBuilder html, IsaReport report)
    {
        List<string> common = report.Profiles.Count == 0 ? [] : [.. report.Profiles.Select(p => p.Theorems[0].Breaking.AsEnumerable()).Aggregate((a, b) => a.Intersect(b))];
        html.Append("<dl class=\"repair\">\n<dt>To intercept or rewrite</dt>\n");
        if (report.Profiles.Count > 1) html.Append($"<dd><b>in every profile:</b> {Links(common)}</dd>\n");
        foreach (ProfileReport p in report.Profiles)
        {
            List<string> names = report.Profiles.Count == 1 ? [.. p.Theorems[0].Breaking] : [.. p.Theorems[0].Breaking.Except(common)];
            html.Append($"<dd><b>{(report.Profiles.Count == 1 ? "" : "also in ")}{E(p.Profile)}:</b> {Links(names)}</dd>\n");
        }
        html.Append("</dl>\n");
    }

    private static string Links(List<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names.Select(n => $"<a href=\"#{E(n)}-1\" data-find=\"{E(n)}\">{E(n)}</a>"));

    private static IEnumerable<string> Classes(IsaReport report) =>
        new[] { "critical", "sensitive", "privileged", "innocuous" }.Where(c => report.Profiles.Any(p => p.Counts.ContainsKey(c)));

    private static void Filters(StringBuilder html, IsaReport report)
    {
        html.Append("<h2>Forms</h2>\n<div class=\"filters\">\n<form id=\"filters\">\n");
        Choice(html, "profile", "Profile", "any", report.Profiles.Select(p => (p.Profile, p.Profile)));
        Choice(html, "class", "Class", "all", new[] { ("notable", "not innocuous") }.Concat(Classes(report).Select(c => (c, c))));
        Choice(html, "mode", "Completes", "any mode", report.Profiles.SelectMany(p => p.Forms).SelectMany(f => f.Access.Keys).Distinct()
            .SelectMany(m => new[] { "always", "sometimes", "never" }.Select(a => ($"{m}:{a}", $"{m}: {a}"))));
        Choice(html, "chapter", "Chapter", "all", report.Profiles.SelectMany(p => p.Forms).Select(f => f.Chapter).Distinct().Select(c => (c, c)));
        html.Append("<label>Text<input id=\"text\" type=\"search\" placeholder=\"name, bytes, kind\"></label>\n");
        if (report.Profiles.Count > 1) html.Append("<label class=\"check\"><input id=\"differ\" type=\"checkbox\">only where profiles differ</label>\n");
        html.Append("<button id=\"clear\" type=\"button\">Clear</button>\n<output id=\"count\"></output>\n</form>\n<div class=\"row head\"><span>Instruction</span><span>Encoding</span>");
        foreach (ProfileReport p in report.Profiles) html.Append($"<span>{E(p.Profile)}</span>");
        html.Append("</div>\n</div>\n");
    }

    private static void Choice(StringBuilder html, string id, string name, string all, IEnumerable<(string Value, string Text)> options)
    {
        html.Append($"<label>{name}<select id=\"{id}\"><option value=\"\">{all}</option>");
        foreach ((string value, string text) in options) html.Append($"<option value=\"{E(value)}\">{E(text)}</option>");
        html.Append("</select></label>\n");
    }

    private static void Tables(StringBuilder html, IsaReport report)
    {
        if (report.Profiles.Count == 0) return;
        ProfileReport p = report.Profiles[0];
        html.Append($"<h2>Resources</h2>\n<p class=\"dim\">What sensitive and privileged forms read and write, under {E(p.Profile)}.</p>\n<table><tr><th>State</th><th>Role</th><th>Read by</th><th>Written by</th></tr>\n");
        foreach (ResourceReport r in p.Resources) html.Append($"<tr><td><code>{E(r.State)}</code></td><td>{r.Role}</td><td>{E(Short(r.ReadBy))}</td><td>{E(Short(r.WrittenBy))}</td></tr>\n");
        html.Append("</table>\n<h2>Traps</h2>\n<table><tr><th>Trap</th><th>Number</th><th>Kind</th><th>Raised by</th></tr>\n");
        foreach (TrapReport t in p.Traps) html.Append($"<tr><td>{E(t.Trap)}</td><td>{t.Number}</td><td>{t.Kind}</td><td>{E(Short(t.RaisedBy))}</td></tr>\n");
        html.Append("</table>\n");
    }

    private static string Short(IReadOnlyList<string> names) => names.Count > 40 ? $"{names.Count} instructions" : string.Join(", ", names);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
