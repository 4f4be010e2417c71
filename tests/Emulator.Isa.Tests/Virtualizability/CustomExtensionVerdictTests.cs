using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>The verdict of tests/Emulator.RiscV.Custom/rv64x.isa, one file that includes RISC-V whole and adds three instructions.</summary>
public sealed class CustomExtensionVerdictTests
{
    [Fact]
    public void The_verdict_has_the_instructions_and_stays_what_it_was()
    {
        string[] folders = ["tests/Emulator.RiscV.Custom", "isa/riscv"];
        IReadOnlyDictionary<string, Analysed> specs = Analysed.Of([.. folders.SelectMany(f => Directory.GetFiles(Path.Combine(Repository.Root, f), "*.isa")).Order(StringComparer.Ordinal).Select(p => (p, File.ReadAllText(p)))]);

        // The root that is included is no instruction set of its own, and the instances are those of the file that includes it.
        Analysed spec = Assert.Single(specs, s => s.Key == "rv64x").Value;
        Assert.Single(specs);
        ProfileVerdict verdict = spec.Profile("s_in_u");
        Assert.True(verdict.Theorem1.Holds);
        Assert.All(spec.Forms("s_in_u", "XKEY_SWAP"), f => Assert.True(f is { Sensitive: true, Traps: true }));
        Assert.All((string[])["XMIX", "XSUM"], name => Assert.False(Assert.Single(spec.Forms("s_in_u", name)).Sensitive));
        Assert.Equal(["CSRRC", "CSRRCI", "CSRRS", "CSRRSI"], spec.Critical("umode").Order(StringComparer.Ordinal));
    }
}
