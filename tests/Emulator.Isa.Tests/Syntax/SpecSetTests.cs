using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

public sealed class SpecSetTests
{
    private static SpecSet Group(params (string Path, string Text)[] files) => SpecSet.Group(files.Select(f => SpecParser.Parse(f.Path, f.Text)));

    private static string[] Findings(SpecSet set) => [.. set.Diagnostics.Select(d => $"{d.Id} {d.Span} {d.Message}")];

    [Fact]
    public void ChaptersFollowTheirRootInOrderOfInclusion()
    {
        var set = Group(
            ("isa/b/b.isa", "isa b { include \"y.isa\", \"./x.isa\"; }"),
            ("isa/b/x.isa", "const X = 1;"),
            ("isa\\b\\y.isa", "const Y = 1;"),
            ("isa/a/a.isa", "isa a { include \"sub/../x.isa\"; }"),
            ("isa/a/x.isa", "const X = 2;"));
        Assert.Empty(set.Diagnostics);
        Assert.Equal(["a: isa/a/a.isa isa/a/x.isa", "b: isa/b/b.isa isa\\b\\y.isa isa/b/x.isa"], set.Isas.Select(i => $"{i.Name}: {string.Join(' ', i.Files.Select(f => f.Path))}"));
        Assert.All(set.Isas, isa => Assert.True(isa.IsComplete));
    }

    [Fact]
    public void MissingFilesAreFoundWithTheNearestName()
    {
        var set = Group(("i/r.isa", "isa r { include \"stat.isa\"; include \"state.isa\"; }"), ("i/state.isa", ""));
        Assert.Equal(["ISA1001 i/r.isa(1,17) there is no file \"stat.isa\" next to this one (did you mean 'state.isa'?)"], Findings(set));
    }

    [Fact]
    public void ARootThatIsIncludedBringsItsChaptersAndIsNoIsaOfItsOwn()
    {
        var set = Group(
            ("own/x.isa", "isa x { include \"more.isa\", \"../base/b.isa\"; }"),
            ("own/more.isa", "const M = 1;"),
            ("base/b.isa", "isa b { include \"c.isa\"; param W in {1, 2}; instance b1 { W = 1 } }"),
            ("base/c.isa", "const C = 1;"));
        Assert.Empty(set.Diagnostics);
        Assert.Equal("x: own/x.isa own/more.isa base/b.isa base/c.isa", string.Join(" | ", set.Isas.Select(i => $"{i.Name}: {string.Join(' ', i.Files.Select(f => f.Path))}")));
    }

    [Fact]
    public void ChaptersWithoutRootAreFound()
    {
        Assert.Equal(
            ["ISA1002 i/a.isa(2,1) no root file includes this chapter; add include \"a.isa\"; to r.isa"],
            Findings(Group(("i/r.isa", "isa r { }"), ("i/a.isa", "\nconst A = 1;"))));
        Assert.StartsWith("ISA1002 i/a.isa(1,1) no root file includes this chapter; a root file declares", Assert.Single(Findings(Group(("i/a.isa", "")))));
    }

    [Fact]
    public void SecondInclusionIsFound()
    {
        var set = Group(("i/r.isa", "isa r { include \"a.isa\", \"./a.isa\"; }"), ("i/a.isa", "const A = 1;"));
        var finding = Assert.Single(set.Diagnostics);
        Assert.Equal(("ISA1003", 26, 17), (finding.Id, finding.Span.Column, Assert.Single(finding.Related).Span.Column));
        Assert.Equal(2, Assert.Single(set.Isas).Files.Length);
    }

    [Fact]
    public void FilesWithErrorsMakeAnIsaIncomplete() =>
        Assert.False(Assert.Single(Group(("r.isa", "isa r { include \"a.isa\"; }"), ("a.isa", "const = 1;")).Isas).IsComplete);

    [Theory]
    [InlineData("a/b.isa", "a/b.isa")]
    [InlineData("a\\.\\b.isa", "a/b.isa")]
    [InlineData("/a//x/../b.isa", "/a/b.isa")]
    [InlineData("../../b.isa", "../../b.isa")]
    public void Paths(string path, string expected) => Assert.Equal(expected, SpecSet.Normalize(path));
}
