using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Emulator.Isa.Generators.Tests;

/// <summary>What does not stop generation is the analyzers' to report; what does is not.</summary>
public sealed class AnalyzerTests
{
    private static async Task<ImmutableArray<Diagnostic>> Analyze(IReadOnlyList<SpecText> specs, DiagnosticAnalyzer analyzer)
    {
        var options = new AnalyzerOptions([.. specs]);
        return await CSharpCompilation.Create("Demo").WithAnalyzers([analyzer], options).GetAnalyzerDiagnosticsAsync(CancellationToken.None);
    }

    private static IReadOnlyList<SpecText> Files(string folder, string pattern) =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern).Order(StringComparer.Ordinal).Select(f => new SpecText(Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'), File.ReadAllText(f)))];

    [Fact]
    public async Task SmallSpecsAreClean()
    {
        Assert.Empty(await Analyze(TestSpecs.Load("bytes", "words"), new SpecAnalyzer()));
        Assert.Empty(await Analyze(TestSpecs.Load("bytes", "words"), new PopekGoldbergAnalyzer()));
    }

    [Fact]
    public async Task WarningsAreTheAnalyzers()
    {
        var specs = TestSpecs.Load("bytes");
        SpecText[] edited = [specs[0].Edit("chapter \"Arithmetic\";", "chapter \"Arithmetic\";\nconst SPARE = 1;"), .. specs.Skip(1)];
        var found = Assert.Single(await Analyze(edited, new SpecAnalyzer()));
        Assert.Equal("bytes/alu.isa(2,1)-(2,12): warning ISA1019: the constant 'SPARE' is never used", GeneratorRun.Show(found));
        Assert.Equal("docs/diagnostics/ISA1019.md", found.Descriptor.HelpLinkUri);
        Assert.Equal([], GeneratorRun.Of(edited).Diagnostics());
    }

    [Fact]
    public async Task ErrorsAreTheGenerators()
    {
        var specs = TestSpecs.Load("bytes");
        SpecText[] edited = [specs[0].Edit("R0 = R0 / src;", "R0 = R0 / scr;\n    let R0 = code(1, 2);"), .. specs.Skip(1)];
        Assert.Empty(await Analyze(edited, new SpecAnalyzer()));
        var run = GeneratorRun.Of(edited);
        Assert.Equal(2, run.Result.Diagnostics.Length);
        Assert.Empty(run.Sources());
        // The declaration that explains a finding is its additional location, and named in its text for those who see only that.
        var call = run.Result.Diagnostics.Single(d => d.Id == "ISA1013");
        Assert.Equal("bytes/state.isa", Assert.Single(call.AdditionalLocations).GetLineSpan().Path);
        Assert.Matches(@"takes 1 argument, not 2 \[declared here: state.isa\(\d+,\d+\)\]$", call.GetMessage());
    }

    [Fact]
    public async Task MarksThatAreWrong()
    {
        var chapter = Files("tests/Emulator.Isa.Tests/Virtualizability/Misdeclared", "PG0002-popf.isa").Single();
        SpecText[] specs = [chapter, new SpecText(Path.Combine(Path.GetDirectoryName(chapter.Path)!, "root.isa"), "isa wrong { include \"PG0002-popf.isa\"; }")];
        var found = await Analyze(specs, new PopekGoldbergAnalyzer());
        Assert.Contains(found, d => d.Id == "PG0002" && d.Severity == DiagnosticSeverity.Error && d.Location.GetLineSpan().Path == chapter.Path);
        Assert.Equal([], GeneratorRun.Of(specs).Diagnostics());
    }

    /// <summary>POPF drops a change of IF in user mode and says nothing: the textbook's example, derived.</summary>
    [Fact]
    public async Task PopfOfX86()
    {
        var specs = Files("isa/x86", "*.isa");
        var found = await Analyze(specs, new PopekGoldbergAnalyzer());
        Assert.Equal([], found.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(GeneratorRun.Show));
        var popf = specs.Single(s => s.Text.Contains("instruction POPF", StringComparison.Ordinal));
        int line = popf.Text.Split('\n').ToList().FindIndex(l => l.StartsWith("instruction POPF", StringComparison.Ordinal));
        var critical = found.First(d => d.Id == "PG0001" && d.Location.GetLineSpan() is var s && s.Path == popf.Path && s.StartLinePosition.Line >= line && s.StartLinePosition.Line <= line + 4);
        Assert.Contains("IF", critical.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDescriptorIsSomebodys()
    {
        string[] analyzers = [.. new SpecAnalyzer().SupportedDiagnostics.Concat(new PopekGoldbergAnalyzer().SupportedDiagnostics).Select(d => d.Id)];
        Assert.Equal(DiagnosticCatalog.All.Where(d => d.IsVirtualizability || d.Severity != Severity.Error).Select(d => d.Id), analyzers.Order(StringComparer.Ordinal));
    }
}
