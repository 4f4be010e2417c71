using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

/// <summary>The specs of this repository parse without a finding.</summary>
public sealed class RepositorySpecTests
{
    public static TheoryData<string> Specs => [.. Repository.Specs()];

    [Theory]
    [MemberData(nameof(Specs))]
    public void ParsesWithoutFindings(string path)
    {
        var file = SpecParser.Parse(path, Repository.Read(path));
        Assert.Equal([], file.Diagnostics.Select(d => d.ToString()));
    }

    [Fact]
    public void EveryFileBelongsToOneIsa()
    {
        var set = SpecSet.Group(Repository.Specs().Select(p => SpecParser.Parse(p, Repository.Read(p))));
        Assert.Equal([], set.Diagnostics.Select(d => d.ToString()));
    }
}
