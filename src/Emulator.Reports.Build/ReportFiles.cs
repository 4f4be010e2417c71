using Emulator.Reports.Model;
using Emulator.Reports.Writers;

namespace Emulator.Reports.Build;

/// <summary>Writes NAME.md, NAME.json and NAME.html for every instance of an instruction set, and their names to files.txt, which is last: where it stands, all stand.</summary>
/// <param name="output">Folder to write to.</param>
/// <param name="expected">Folder of committed verdicts; null where there is none.</param>
/// <param name="root">Folder that spec files are named from; null to name them as they are.</param>
internal sealed class ReportFiles(string output, string? expected, string? root)
{
    public const string List = "files.txt";

    /// <summary>Writes the reports.</summary>
    /// <returns>The files written, the list excepted.</returns>
    /// <exception cref="InvalidOperationException">The spec has errors.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<string> specs)
    {
        var files = specs.Select(s => (Path: root is null ? s : Path.GetRelativePath(root, s).Replace('\\', '/'), Text: File.ReadAllText(s))).ToList();
        IReadOnlyList<IsaReport> reports = ReportBuilder.Build(files, new ReportOptions { Expected = expected is null ? null : Expected });
        Directory.CreateDirectory(output);
        File.Delete(Path.Combine(output, List));
        var written = new List<string>();
        foreach (IsaReport report in reports)
        {
            Add(written, report.Isa + ".md", MarkdownReport.Write([report]));
            Add(written, report.Isa + ".json", JsonReport.Write([report]));
            Add(written, report.Isa + ".html", HtmlReport.Write(report));
        }

        File.WriteAllLines(Path.Combine(output, List), written);
        return written;
    }

    private void Add(List<string> written, string name, string text)
    {
        string file = Path.Combine(output, name);
        File.WriteAllText(file, text);
        written.Add(file);
    }

    private string? Expected(string name)
    {
        string file = Path.Combine(expected!, name);
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }
}
