using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>A guest that has a machine of its own: the profile h of isa/riscvh, and what its clause <c>own</c> means.</summary>
public sealed class HypervisorVerdictTests
{
    private const string Folder = "isa/riscvh";

    [Theory]
    [InlineData("rv32h")]
    [InlineData("rv64h")]
    public void AGuestInVsIsVirtualizable(string isa)
    {
        Analysed spec = Analysed.Folder(Folder)[isa];
        Assert.Empty(spec.Critical("h"));
        Assert.True(spec.Profile("h").Theorem2.Holds);
        Assert.All(spec.Forms("h", "HLV_W").Concat(spec.Forms("h", "HFENCE_GVMA")).Concat(spec.Forms("h", "WFI")), f => Assert.True(f.Traps));
        Assert.All(spec.Forms("h", "SRET").Concat(spec.Forms("h", "SFENCE_VMA")), f => Assert.False(f.Traps));
    }

    [Fact]
    public void WithoutTranslationsOfItsOwnItIsNot()
    {
        Analysed spec = Analysed.Of(Edited("  own mem;\n", ""))["rv64h"];
        Assert.Equal(["CSRRC", "CSRRCI", "CSRRS", "CSRRSI", "CSRRW", "CSRRWI", "SFENCE_VMA", "SRET"], spec.Critical("h").Intersect(["CSRRC", "CSRRCI", "CSRRS", "CSRRSI", "CSRRW", "CSRRWI", "SFENCE_VMA", "SRET"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OnlyAPagedMemoryCanBeOwn()
    {
        var found = IsaCompilation.Create(Edited("own mem;", "own pmem;")).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Message).Distinct();
        Assert.StartsWith("there is no state 'pmem'", Assert.Single(found), StringComparison.Ordinal);
    }

    private static (string Path, string Text)[] Edited(string text, string by)
    {
        (string Path, string Text)[] files = Analysed.Files(Folder);
        int at = Array.FindIndex(files, f => f.Path == "profiles.isa");
        Assert.Contains(text, files[at].Text);
        files[at].Text = files[at].Text.Replace(text, by, StringComparison.Ordinal);
        return files;
    }
}
