using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>
/// Machines whose verdict is published, described with the instructions that decide it (Published/*.isa, where the sources are cited): the derivation must come to the same.
/// </summary>
public sealed class PublishedVerdictTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/Emulator.Isa.Tests/Virtualizability/Published");

    private static Analysed Load(string file, string instance)
    {
        string text = File.ReadAllText(Path.Combine(Folder, file));
        string parameters = file == "m68000.isa" ? "param MC68010 in {0, 1}; instance mc68000 { MC68010 = 0 } instance mc68010 { MC68010 = 1 }" : "";
        return Analysed.Of(("root.isa", $"isa {instance} {{ include \"{file}\"; {parameters} }}"), (file, text))[instance];
    }

    [Theory]
    [InlineData("m68000.isa", "mc68000", "MOVE_FROM_SR")]
    [InlineData("m68000.isa", "mc68010", "")]
    [InlineData("pdp11.isa", "pdp11", "MFPI MTPI RESET RTI RTT SPL")]
    [InlineData("pdp10.isa", "pdp10", "JRST_1")]
    [InlineData("vax.isa", "vax", "CHME CHMK MOVPSL PROBER REI")]
    [InlineData("arm.isa", "arm", "CPS LDM_USER MOVS_PC MRS MSR RFE SRS STM_USER")]
    [InlineData("mips.isa", "mips", "LW SW")]
    public void TheCriticalInstructionsAreThePublishedOnes(string file, string instance, string critical)
    {
        Analysed spec = Load(file, instance);
        Assert.Equal(critical.Split(' ', StringSplitOptions.RemoveEmptyEntries), spec.Critical("host").Order(StringComparer.Ordinal));
        Assert.Equal(critical.Length == 0, spec.Profile("host").Theorem1.Holds);
        Assert.DoesNotContain(spec.Report.Diagnostics, d => d.Severity == Severity.Error);
    }

    /// <summary>
    /// Theorem 3: the PDP-10 has a hybrid monitor, for JRST 1 is supervisor-sensitive only; so is what MIPS kernels do in kseg0. Elsewhere user programs alone see a difference.
    /// </summary>
    [Theory]
    [InlineData("pdp10.isa", "pdp10", true)]
    [InlineData("mc68010", "mc68010", true)]
    [InlineData("mips.isa", "mips", true)]
    [InlineData("m68000.isa", "mc68000", false)]
    [InlineData("pdp11.isa", "pdp11", false)]
    [InlineData("vax.isa", "vax", false)]
    [InlineData("arm.isa", "arm", false)]
    public void HybridMonitors(string file, string instance, bool possible) =>
        Assert.Equal(possible, Load(file == "mc68010" ? "m68000.isa" : file, instance).Profile("host").Theorem3.Holds);

    [Theory]
    [InlineData("m68000.isa", "mc68000")]
    [InlineData("pdp11.isa", "pdp11")]
    [InlineData("pdp10.isa", "pdp10")]
    [InlineData("vax.isa", "vax")]
    [InlineData("arm.isa", "arm")]
    [InlineData("mips.isa", "mips")]
    public void EveryCriticalFormHasAWitness(string file, string instance)
    {
        Analysed spec = Load(file, instance);
        ProfileVerdict verdict = spec.Profile("host");
        var finder = new WitnessFinder(spec.Model, spec.Facts);
        Assert.All(verdict.RepairSet, f => Assert.True(finder.Find(f.Form, verdict.Profile, f.Difference!) is { } w && finder.Replays(w, f.Difference!), f.Form.Instruction.Name));
    }

    /// <summary>What the PDP-11 does outside kernel mode is nothing, silently: writes that are dropped, not traps.</summary>
    [Theory]
    [InlineData("SPL")]
    [InlineData("RESET")]
    public void ASilentNoOpIsNoTrap(string instruction)
    {
        FormVerdict form = Load("pdp11.isa", "pdp11").Forms("host", instruction).Single();
        Assert.False(form.Traps);
        Assert.Equal(DifferenceKind.DroppedWrite, form.Difference!.Kind);
    }

    /// <summary>In user mode a MIPS kernel's address is a memory trap, which is no trap in the sense of the definitions.</summary>
    [Fact]
    public void Kseg0IsBehindAMemoryTrap()
    {
        FormVerdict load = Load("mips.isa", "mips").Forms("host", "LW").Single();
        Assert.True(load.Difference!.GuestMemoryTraps);
        Assert.Contains("location", load.Kinds);
    }
}
