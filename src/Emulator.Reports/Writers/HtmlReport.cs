using System.Net;
using System.Text;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The report as one self-contained page: verdicts of all profiles first, then every form with its class in each profile, opening to spec lines, explanation and witness.</summary>
public static class HtmlReport
{
    public static string Write(IsaReport report)
    {
        var html = new StringBuilder();
        html.Append($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{E(report.Isa)}: virtualizability</title>\n");
        html.Append($"<style>\n{Resource("report.css")}</style>\n</head>\n<body>\n<h1>{E(report.Isa)}: can it be virtualized?</h1>\n");
        Verdict(html, report);
        Filters(html, report);
        html.Append("<main>\n");
        var forms = report.Profiles.SelectMany(p => p.Forms).Select(f => f.Key).Distinct().ToList();
        var byProfile = report.Profiles.Select(p => (p.Profile, Forms: p.Forms.ToDictionary(f => f.Key, StringComparer.Ordinal))).ToList();
        foreach (string key in forms) Form(html, [.. byProfile.Where(p => p.Forms.ContainsKey(key)).Select(p => (p.Profile, p.Forms[key]))]);
        html.Append("</main>\n");
        Tables(html, report);
        html.Append($"<script>\n{Resource("report.js")}</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void Verdict(StringBuilder html, IsaReport report)
    {
        html.Append("<table class=\"verdict\">\n<tr><th>Profile</th><th>Theorem 1</th><th>Theorem 2</th><th>Theorem 3</th><th>Forms</th><th>To intercept or rewrite</th></tr>\n");
        foreach (ProfileReport p in report.Profiles)
        {
            html.Append($"<tr><th>{E(p.Profile)}</th>");
            foreach (TheoremReport t in p.Theorems) html.Append($"<td class=\"{(t.Holds ? "holds" : "fails")}\" title=\"{E(t.Sentence)}\">{(t.Holds ? "holds" : "fails")}</td>");
            html.Append($"<td>{string.Join("<br>", p.Counts.Where(c => c.Value > 0).Select(c => $"<span class=\"{c.Key}\">{c.Value} {c.Key}</span>"))}</td>");
            html.Append($"<td>{E(p.Theorems[0].Breaking.Count == 0 ? "nothing" : string.Join(", ", p.Theorems[0].Breaking))}</td></tr>\n");
        }
        html.Append("</table>\n<p class=\"dim\">Theorem 1: every sensitive instruction traps, so a monitor can be constructed. Theorem 2: recursively. Theorem 3: a hybrid monitor can. The conditions are sufficient, not necessary. Keys: / search, j and k next and previous form, Enter opens.</p>\n");
        foreach (ProfileReport p in report.Profiles.Where(p => p.Changes is { Count: > 0 }))
            html.Append($"<h2>Differences from the committed verdict of {E(p.Profile)}</h2>\n<ul>{string.Concat(p.Changes!.Select(c => $"<li>{E(c)}</li>"))}</ul>\n");
    }

    private static void Filters(StringBuilder html, IsaReport report)
    {
        html.Append("<h2>Forms</h2>\n<div class=\"filters\">\n");
        Choice(html, "profile", "Profile", report.Profiles.Select(p => (p.Profile, p.Profile)));
        Choice(html, "class", "Class", new[] { "critical", "sensitive", "privileged", "innocuous" }.Select(c => (c, c)));
        Choice(html, "mode", "Access", report.Profiles.SelectMany(p => p.Forms).SelectMany(f => f.Access.Keys).Distinct()
            .SelectMany(m => new[] { "always", "sometimes", "never" }.Select(a => ($"{m}:{a}", $"{m}: {a}"))));
        Choice(html, "chapter", "Chapter", report.Profiles.SelectMany(p => p.Forms).Select(f => f.Chapter).Distinct().Select(c => (c, c)));
        html.Append("<label>Text<input id=\"text\" type=\"search\" placeholder=\"name, bytes, kind\"></label>\n<label>Shown<span id=\"count\"></span></label>\n</div>\n");
    }

    private static void Choice(StringBuilder html, string id, string name, IEnumerable<(string Value, string Text)> options)
    {
        html.Append($"<label>{name}<select id=\"{id}\"><option value=\"\">all</option>");
        foreach ((string value, string text) in options) html.Append($"<option value=\"{E(value)}\">{E(text)}</option>");
        html.Append("</select></label>\n");
    }

    private static void Form(StringBuilder html, List<(string Profile, FormReport Form)> verdicts)
    {
        FormReport first = verdicts[0].Form;
        bool critical = verdicts.Exists(v => v.Form.Critical);
        string search = $"{first.Mnemonic} {first.Form} {first.Mark} {string.Join(' ', verdicts.SelectMany(v => v.Form.Kinds).Distinct())}".ToLowerInvariant();
        html.Append($"<details class=\"form\" data-chapter=\"{E(first.Chapter)}\" data-text=\"{E(search)}\"{(critical ? " data-critical=\"1\"" : "")}>\n<summary><span class=\"name\">{E(first.Mnemonic)}</span><code>{E(first.Form)}</code><span class=\"badges\">");
        foreach ((string profile, FormReport f) in verdicts)
        {
            html.Append($"<span class=\"badge {f.Class}\" data-profile=\"{E(profile)}\" data-class=\"{f.Class}\" data-access=\"{E(string.Join(' ', f.Access.Select(a => a.Key + ":" + a.Value)))}\">");
            html.Append($"{E(profile)}: {f.Class}{(f.Kinds.Count > 0 ? E(" (" + string.Join(", ", f.Kinds) + ")") : "")}</span>");
        }
        html.Append($"</span></summary>\n<div class=\"body\">\n<p class=\"dim\">{E(first.File)}, line {first.Line}; marked {E(first.Mark)}{(first.Reason is null ? "" : E($": \"{first.Reason}\""))}</p>\n<pre>{E(first.Source)}</pre>\n");
        foreach ((string profile, FormReport f) in verdicts.Where(v => v.Form.Class != "innocuous")) Section(html, profile, f);
        html.Append("</div>\n</details>\n");
    }

    private static void Section(StringBuilder html, string profile, FormReport f)
    {
        html.Append($"<section data-profile=\"{E(profile)}\">\n<h3>{E(profile)}: <span class=\"{f.Class}\">{f.Class}</span></h3>\n");
        html.Append($"<p>{E(string.Join(", ", f.Access.Select(a => $"{a.Key}: {a.Value}{(f.Conditions.TryGetValue(a.Key, out string? c) ? $" (traps when {c})" : "")}")))}</p>\n");
        if (f.Explanation is not null) html.Append($"<p><strong>{E(char.ToUpperInvariant(f.Explanation[0]) + f.Explanation[1..])}.</strong></p>\n");
        if (f.Reviewed is not null) html.Append($"<p>{E(f.Reviewed)}</p>\n");
        if (f.Chain.Count > 0)
        {
            html.Append("<ol class=\"chain\">");
            foreach (ChainLink link in f.Chain) html.Append($"<li>{E(link.Note)} <span class=\"dim\">{E(System.IO.Path.GetFileName(link.File))}:{link.Line}</span><br><code>{E(link.Text)}</code></li>");
            html.Append("</ol>\n");
        }
        if (f.Witness is { } w)
        {
            html.Append($"<table class=\"witness\"><caption>Witness: <code>{E(w.Bytes)}</code></caption>\n<tr><th></th><th>reference</th><th>guest</th></tr>\n");
            foreach (SideBySide s in w.Before.Concat(w.Memory)) Row(html, s, "");
            foreach (SideBySide s in w.After) Row(html, s, "after");
            html.Append("</table>\n");
        }
        html.Append("</section>\n");
    }

    private static void Row(StringBuilder html, SideBySide s, string kind) =>
        html.Append($"<tr class=\"{kind}\"><td>{E(s.Place)}</td><td>{E(s.Reference)}</td><td{(s.Differs ? " class=\"differs\"" : "")}>{E(s.Guest)}</td></tr>\n");

    private static void Tables(StringBuilder html, IsaReport report)
    {
        if (report.Profiles.Count == 0) return;
        ProfileReport p = report.Profiles[0];
        html.Append("<h2>Resources</h2>\n<table><tr><th>State</th><th>Role</th><th>Read by</th><th>Written by</th></tr>\n");
        foreach (ResourceReport r in p.Resources) html.Append($"<tr><td><code>{E(r.State)}</code></td><td>{r.Role}</td><td>{E(Short(r.ReadBy))}</td><td>{E(Short(r.WrittenBy))}</td></tr>\n");
        html.Append("</table>\n<h2>Traps</h2>\n<table><tr><th>Trap</th><th>Number</th><th>Kind</th><th>Raised by</th></tr>\n");
        foreach (TrapReport t in p.Traps) html.Append($"<tr><td>{E(t.Trap)}</td><td>{t.Number}</td><td>{t.Kind}</td><td>{E(Short(t.RaisedBy))}</td></tr>\n");
        html.Append("</table>\n");
    }

    private static string Short(IReadOnlyList<string> names) => names.Count > 40 ? $"{names.Count} instructions" : string.Join(", ", names);

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
