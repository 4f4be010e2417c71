namespace Emulator.Isa.Generators.Tests;

/// <summary>Everything generated from the small specs, as approved files: <c>Snapshots/*.verified.cs</c>.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("bytes")]
    [InlineData("words")]
    public async Task GeneratedSources(string isa)
    {
        var run = GeneratorRun.Of(TestSpecs.Load(isa));
        Assert.Equal([], run.Diagnostics());
        var sources = run.Sources().OrderBy(s => s.Name, StringComparer.Ordinal).ToList();
        Assert.NotEmpty(sources);
        string list = string.Concat(sources.Select(s => $"{s.Name} {s.Text.Count(c => c == '\n')} lines\n"));
        // All of them are compared before the first difference fails the test, so that one run shows every change.
        List<Task> checks = [Verifier.Verify(list).UseDirectory("Snapshots").UseFileName(isa).ToTask()];
        checks.AddRange(sources.Select(s => Verifier.Verify(s.Text, "txt").UseDirectory("Snapshots").UseFileName(s.Name).ToTask()));
        await Task.WhenAll(checks);
    }

    [Fact]
    public async Task GeneratedSourcesWithLines()
    {
        var run = GeneratorRun.Of(TestSpecs.Load("bytes"), ("IsaLines", "true"));
        string text = run.Sources().Single(s => s.Name == "Bytes.Handlers.g.cs").Text;
        Assert.Contains("#line 20 \"bytes/alu.isa\"", text, StringComparison.Ordinal);
        await Verifier.Verify(text).UseDirectory("Snapshots").UseFileName("Bytes.Handlers.g.cs.lines");
    }
}
