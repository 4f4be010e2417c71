using System.Text.RegularExpressions;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>
/// Specs whose marks are wrong, some in the way of published machine-readable specs: each fails with the right id on the right line. Their last lines say what is found:
/// <c>// expect PG0002 38:18 message</c>.
/// </summary>
public sealed partial class MisdeclaredTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/Emulator.Isa.Tests/Virtualizability/Misdeclared");

    [GeneratedRegex(@"^// expect (PG\d{4} \d+:\d+ .*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Expectation();

    public static TheoryData<string> Specs => [.. Directory.GetFiles(Folder, "*.isa").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Specs))]
    public void FindsWhatItSays(string name)
    {
        string text = File.ReadAllText(Path.Combine(Folder, name));
        string[] expected = [.. Expectation().Matches(text).Select(m => m.Groups[1].Value)];
        Assert.Contains(expected, e => e.StartsWith(name[..6], StringComparison.Ordinal));
        VirtualizabilityReport report = Compile(name, text).Report;
        Assert.Equal(expected, report.Diagnostics.Select(d => $"{d.Id} {d.Span.Line}:{d.Span.Column} {d.Message}"));
    }

    private static Analysed Compile(string name, string text) => Analysed.Of(("root.isa", $"isa wrong {{ include \"{name}\"; }}"), (name, text)).Values.Single();

    /// <summary>The finding says where the state, the condition and the effect stand.</summary>
    [Fact]
    public void FindingsExplainThemselves()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "PG0002-popf.isa"));
        IsaDiagnostic found = Compile("popf.isa", text).Report.Diagnostics.Single(d => d.Message.Contains("'POPFD'", StringComparison.Ordinal));
        string[] lines = text.Split('\n');
        string[] chain = [.. found.Related.Select(r => lines[r.Span.Line - 1].Trim())];
        Assert.Contains("state CPL : u2 resource(mode);", chain);
        Assert.Contains("if CPL <= IOPL { EFLAGS.IF = v.[9]; }", chain);
    }

    public static TheoryData<string> Ids => [.. DiagnosticCatalog.All.Where(d => d.IsVirtualizability).Select(d => d.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void IsShownAndExplained(string id)
    {
        // PG0006 compares with a committed file: ExpectationTests.
        if (id != "PG0006") Assert.NotEmpty(Directory.GetFiles(Folder, id + "*.isa"));
        string title = DiagnosticCatalog.All.Single(d => d.Id == id).Title;
        Assert.StartsWith($"# {id}: {title}\n", Repository.Read($"docs/diagnostics/{id}.md").ReplaceLineEndings("\n"));
    }
}
