using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests;

/// <summary>Every diagnostic has a spec that produces it, exactly where and as it says, and a page that explains it.</summary>
public sealed class BrokenSpecTests
{
    public static TheoryData<string> Specs => [.. BrokenSpec.Names()];

    [Theory]
    [MemberData(nameof(Specs))]
    public void FindsWhatItSays(string name)
    {
        var spec = BrokenSpec.Load(name);
        Assert.NotEmpty(spec.Expected());
        Assert.Equal(spec.Expected().Order(StringComparer.Ordinal), spec.Actual().Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Descriptors => [.. DiagnosticCatalog.All.Select(d => d.Id)];

    /// <summary>
    /// A defect of the compiler has no spec that shows it; <see cref="CompilationTests"/> provokes one. Wrong marks have specs of their own, <see cref="Virtualizability.MisdeclaredTests"/>.
    /// </summary>
    private static bool HasSpec(string id) => id != InternalDiagnostics.Failure.Id && !id.StartsWith("PG", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Descriptors))]
    public void IsShownAndExplained(string id)
    {
        var descriptor = DiagnosticCatalog.All.Single(d => d.Id == id);
        Assert.Matches("^(ISA[01239]|PG0)[0-9]{3}$", id);
        if (HasSpec(id)) Assert.Contains(BrokenSpec.Names(), n => n.StartsWith(id, StringComparison.Ordinal) && BrokenSpec.Load(n).Expected().Any(e => e.Contains($": {id} ", StringComparison.Ordinal)));
        string page = Repository.Read($"docs/diagnostics/{id}.md").ReplaceLineEndings("\n");
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page);
        Assert.Contains("\n## Fix\n", page, StringComparison.Ordinal);
        string[] releases = [.. new[] { "Shipped", "Unshipped" }.SelectMany(r => Repository.Read($"generators/Emulator.Isa.Generators/AnalyzerReleases.{r}.md").Split('\n'))];
        string row = Assert.Single(releases, r => r.StartsWith(id + " ", StringComparison.Ordinal));
        Assert.StartsWith($"{id} | {descriptor.Category} | {descriptor.Severity} | ", row);
    }

    [Fact]
    public void PagesAreOfDiagnostics()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "diagnostics"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!);
        Assert.Equal([], pages.Except(DiagnosticCatalog.All.Select(d => d.Id)));
    }

    [Fact]
    public void IdsAreUnique()
    {
        var ids = DiagnosticCatalog.All.Select(d => d.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }
}
