using System.Text.RegularExpressions;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>
/// A deliberately broken spec: a file, or a folder of files that are compiled together. Its last lines say what is found:
/// <c>// expect ISA0007 4:12 message</c>.
/// </summary>
internal sealed partial record BrokenSpec(string Name, IReadOnlyList<(string Path, string Text)> Files)
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Broken");

    [GeneratedRegex(@"^// expect (?<finding>ISA\d{4} \d+:\d+ .*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Expectation();

    public static IEnumerable<string> Names() =>
        Directory.EnumerateFileSystemEntries(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    public static BrokenSpec Load(string name)
    {
        string path = Path.Combine(Folder, name);
        string[] files = Directory.Exists(path) ? [.. Directory.GetFiles(path, "*.isa").Order(StringComparer.Ordinal)] : [path];
        return new BrokenSpec(name, [.. files.Select(f => (Path.GetFileName(f), File.ReadAllText(f)))]);
    }

    /// <summary>Whether the files are compiled together, and not just parsed.</summary>
    public bool IsFolder => !Name.EndsWith(".isa", StringComparison.Ordinal);

    /// <summary>What the files say is found.</summary>
    public string[] Expected() =>
        [.. Files.SelectMany(f => Expectation().Matches(f.Text).Select(m => $"{f.Path}: {m.Groups["finding"].Value}"))];

    /// <summary>What is found.</summary>
    public string[] Actual()
    {
        var parsed = Files.Select(f => SpecParser.Parse(f.Path, f.Text)).ToArray();
        IEnumerable<IsaDiagnostic> found = parsed.SelectMany(f => f.Diagnostics);
        if (IsFolder) found = found.Concat(SpecSet.Group(parsed).Diagnostics);
        return [.. found.Select(d => $"{d.Span.File}: {d.Id} {d.Span.Line}:{d.Span.Column} {d.Message}")];
    }
}
