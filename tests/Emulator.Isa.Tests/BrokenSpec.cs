using System.Text.RegularExpressions;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>
/// A deliberately broken spec: a file, or a folder of files that are compiled together. Its last lines say what is found:
/// <c>// expect ISA0007 4:12 message</c>, and the places it relates to: <c>[declared here 3:4]</c>.
/// </summary>
internal sealed partial record BrokenSpec(string Name, IReadOnlyList<(string Path, string Text)> Files)
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Broken");

    [GeneratedRegex(@"^// expect (?<finding>(ISA|PG)\d{4} \d+:\d+ .*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Expectation();

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFileSystemEntries(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    public static BrokenSpec Load(string name)
    {
        string path = Path.Combine(Folder, name);
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.isa").Order(StringComparer.Ordinal)] : [path];
        return new BrokenSpec(name, [.. files.Select(f => (Path.GetFileName(f), File.ReadAllText(f)))]);
    }

    /// <summary>Whether the files are parsed only: they show what the parser finds and make no whole.</summary>
    private bool IsSyntaxOnly => Name.StartsWith("ISA0", StringComparison.Ordinal);

    /// <summary>A finding as the files write it: <c>ISA1010 4:12 message [note 3:4]</c>.</summary>
    private static string Show(IsaDiagnostic d) =>
        $"{d.Span.File}: {d.Id} {d.Span.Line}:{d.Span.Column} {d.Message}{string.Concat(d.Related.Select(r => $" [{r.Note} {r.Span.Line}:{r.Span.Column}]"))}";

    /// <summary>What the files say is found.</summary>
    public string[] Expected() =>
        [.. Files.SelectMany(f => Expectation().Matches(f.Text).Select(m => $"{f.Path}: {m.Groups["finding"].Value}"))];

    /// <summary>What is found.</summary>
    public string[] Actual()
    {
        IEnumerable<IsaDiagnostic> found = IsSyntaxOnly ? Files.SelectMany(f => SpecParser.Parse(f.Path, f.Text).Diagnostics) : IsaCompilation.Create(Files).Diagnostics;
        return [.. found.Select(Show)];
    }
}
