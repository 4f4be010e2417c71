using System.Text;
using System.Text.Json;
using Emulator.Reports.Model;

namespace Emulator.Reports.Writers;

/// <summary>The forms of the page. What many forms share is written once: the instruction's lines in the spec (as data, which the script puts where a form is opened), sets of access, what several profiles say alike.</summary>
internal static class HtmlForms
{
    public static void Write(StringBuilder html, IsaReport report)
    {
        var sources = new List<(string File, int Line, string Text)>();
        var numbers = new Dictionary<(string File, int Line, string Text), int>();
        var access = new List<string>();
        var byProfile = report.Profiles.Select(p => (p.Profile, Forms: p.Forms.ToDictionary(f => f.Key, StringComparer.Ordinal))).ToList();
        string? chapter = null;
        html.Append("<main>\n");
        foreach (FormReport first in report.Profiles.SelectMany(p => p.Forms).DistinctBy(f => f.Key))
        {
            if (first.Chapter != chapter) html.Append(chapter is null ? "" : "</section>\n").Append($"<section class=\"chapter\"><h3>{HtmlReport.E(chapter = first.Chapter)}</h3>\n");
            var source = (first.File, first.SourceLine, first.Source);
            if (!numbers.TryGetValue(source, out int number))
            {
                numbers.Add(source, number = sources.Count);
                sources.Add(source);
            }
            Form(html, [.. byProfile.Select(p => (p.Profile, p.Forms.GetValueOrDefault(first.Key)))], first, number, access);
        }
        html.Append(chapter is null ? "" : "</section>\n").Append("</main>\n<noscript><p>Filters and the lines of the spec need JavaScript.</p></noscript>\n");
        string data = JsonSerializer.Serialize(new { profiles = report.Profiles.Select(p => p.Profile), access, sources = sources.Select(s => new { file = s.File, line = s.Line, text = s.Text }) });
        html.Append($"<script id=\"data\" type=\"application/json\">{data}</script>\n");
    }

    private static void Form(StringBuilder html, List<(string Profile, FormReport? Form)> verdicts, FormReport first, int source, List<string> access)
    {
        string codes = string.Join(' ', verdicts.Select(v => v.Form is { } f ? $"{f.Class}/{Index(access, string.Join(' ', f.Access.Select(a => a.Key + ":" + a.Value)))}" : "-"));
        html.Append($"<details id=\"{HtmlReport.E($"{first.Mnemonic}-{first.Number}")}\" data-verdicts=\"{codes}\"><summary class=\"row\"><b>{HtmlReport.E(first.Mnemonic)}</b><code>{HtmlReport.E(first.Form)}</code>");
        foreach ((_, FormReport? f) in verdicts) html.Append(f is null ? "<i></i>" : $"<i class=\"{f.Class}\">{f.Class}{(f.Kinds.Count > 0 ? $" <small>{HtmlReport.E(string.Join(", ", f.Kinds))}</small>" : "")}</i>");
        var marks = verdicts.Where(v => v.Form is not null).SelectMany(v => v.Form!.Chain).Where(l => l.File == first.File).Select(l => l.Line).Distinct().Order();
        html.Append($"</summary>\n<div class=\"body\"><div class=\"spec\" data-source=\"{source}\" data-marks=\"{string.Join(' ', marks)}\"><p>{HtmlReport.E(first.File)}:{first.Line}, marked {HtmlReport.E(first.Mark)}{(first.Reason is null ? "" : HtmlReport.E($": \"{first.Reason}\""))}</p></div>\n");
        var sections = verdicts.Where(v => v.Form is { Class: not "innocuous" }).Select(v => (v.Profile, Text: Section(v.Form!))).GroupBy(s => s.Text).ToList();
        foreach (var section in sections)
        {
            string profiles = string.Join(", ", section.Select(s => s.Profile));
            html.Append($"<section data-profiles=\"{HtmlReport.E(string.Join(' ', section.Select(s => s.Profile)))}\">\n<h4>{HtmlReport.E(profiles)}</h4>\n{section.Key}</section>\n");
        }
        html.Append("</div></details>\n");
    }

    private static int Index(List<string> list, string text)
    {
        int index = list.IndexOf(text);
        if (index >= 0) return index;
        list.Add(text);
        return list.Count - 1;
    }

    private static string Section(FormReport f)
    {
        var html = new StringBuilder();
        html.Append($"<div class=\"why\">\n<p><span class=\"{f.Class}\">{f.Class}</span>{HtmlReport.E(f.Kinds.Count > 0 ? $": {string.Join(", ", f.Kinds)}" : "")}</p>\n");
        if (f.Explanation is not null) html.Append($"<p><strong>{HtmlReport.E(char.ToUpperInvariant(f.Explanation[0]) + f.Explanation[1..])}.</strong></p>\n");
        if (f.Reviewed is not null) html.Append($"<p>{HtmlReport.E(f.Reviewed)}</p>\n");
        html.Append($"<p>Completes {HtmlReport.E(string.Join(", ", f.Access.Select(a => $"{a.Value} in {a.Key}")))}.</p>\n");
        if (f.Conditions.Count > 0)
            html.Append($"<details class=\"when\"><summary>When it traps</summary>{string.Concat(f.Conditions.Select(c => $"<p>{HtmlReport.E(c.Key)}: <code>{HtmlReport.E(c.Value)}</code></p>"))}</details>\n");
        if (f.Chain.Count > 0)
        {
            html.Append("<ol>");
            foreach (var links in f.Chain.GroupBy(l => (l.File, l.Line, l.Text)))
                html.Append($"<li>{HtmlReport.E(string.Join("; ", links.Select(l => l.Note)))} <small>{HtmlReport.E(Path.GetFileName(links.Key.File))}:{links.Key.Line}</small><br><code>{HtmlReport.E(links.Key.Text)}</code></li>");
            html.Append("</ol>\n");
        }
        html.Append("</div>\n");
        if (f.Witness is { } w)
        {
            html.Append($"<table class=\"witness\"><caption>Witness: <code>{HtmlReport.E(w.Bytes)}</code> in two states</caption>\n<tr><th>before</th><th>reference</th><th>guest</th></tr>\n");
            foreach (SideBySide s in w.Before.Concat(w.Memory)) Row(html, s);
            html.Append("<tr><th>after</th><th></th><th></th></tr>\n");
            foreach (SideBySide s in w.After) Row(html, s);
            html.Append("</table>\n");
        }
        return html.ToString();
    }

    private static void Row(StringBuilder html, SideBySide s)
    {
        html.Append($"<tr{(s.Differs ? " class=\"differs\"" : "")}><td>{HtmlReport.E(s.Place)}</td><td>{HtmlReport.E(s.Reference)}</td><td>{HtmlReport.E(s.Guest)}</td></tr>\n");
    }
}
