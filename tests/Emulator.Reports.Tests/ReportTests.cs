using Emulator.Reports.Model;

namespace Emulator.Reports.Tests;

/// <summary>What a report says.</summary>
public sealed class ReportTests
{
    [Fact]
    public void ACleanMachineHasNothingToRepair()
    {
        ProfileReport profile = Assert.Single(Specs.Pg74("pg74").Profiles);
        Assert.All(profile.Theorems, t => Assert.True(t.Holds));
        Assert.Equal(0, profile.Counts["critical"]);
        Assert.Empty(profile.Changes!);
        Assert.Equal(7, profile.Counts["privileged"]);
    }

    [Fact]
    public void ACriticalFormCarriesEverything()
    {
        FormReport halt = Specs.Pg74("pg74_silent_halt").Profiles[0].Forms.Single(f => f.Critical);
        Assert.Equal("HALT", halt.Mnemonic);
        Assert.Equal(new Dictionary<string, string> { ["user"] = "always", ["supervisor"] = "always" }, halt.Access);
        Assert.Contains("HALTED", halt.Explanation);
        Assert.StartsWith("In user mode it does nothing", halt.Reviewed);
        Assert.Contains(halt.Chain, l => l.Text.Contains("HALTED = true;", StringComparison.Ordinal));
        Assert.StartsWith("instruction HALT privileged {", halt.Source);
        Assert.EndsWith("}", halt.Source);
        WitnessReport witness = halt.Witness!;
        Assert.Equal("13 00 00 00", witness.Bytes);
        Assert.Equal(new SideBySide("HALTED", "1", "0"), witness.After.Single(s => s.Place == "HALTED"));
        Assert.Equal("instruction HALT privileged {", File.ReadAllLines(Path.Combine(Specs.Root, halt.File))[halt.Line - 2]);
    }

    [Fact]
    public void TheVerdictOfX86IsTheCommittedOne() => Assert.All(Specs.X86.Profiles, p => Assert.Empty(p.Changes!));

    [Fact]
    public void ResourcesTellWhoReadsAndWritesThem()
    {
        ResourceReport gdt = Specs.X86.Profiles[0].Resources.Single(r => r.State == "GDTR.base");
        Assert.Equal("relocation", gdt.Role);
        Assert.Contains("SGDT", gdt.ReadBy);
        Assert.Equal(["LGDT", "VMLAUNCH", "VMRESUME"], gdt.WrittenBy);
        Assert.Contains("UD2", Specs.X86.Profiles[0].Traps.Single(t => t.Trap == "UD").RaisedBy);
    }

    [Fact]
    public void ADifferenceBetweenProfilesIsReadable()
    {
        IReadOnlyList<string> lines = ReportDiff.Compare(Specs.X86.Profiles.Single(p => p.Profile == "classic"), Specs.X86.Profiles.Single(p => p.Profile == "umip"));
        Assert.Equal(["SGDT", "SIDT", "SLDT", "SMSW", "STR"], lines.Select(l => l.Split(' ')[1]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("~ SGDT 1 (0F 01 /0): critical (location) -> privileged (location) [ring0 always, ring1 never, ring3 never]", lines);
    }

    [Fact]
    public void ADifferenceBetweenVersionsIsReadable()
    {
        ProfileReport before = Specs.Pg74("pg74").Profiles[0];
        Assert.Empty(ReportDiff.Compare(before, before));
        ProfileReport after = Specs.Pg74("pg74_free_return").Profiles[0];
        Assert.Equal(["~ theorem 1: holds -> fails", "~ theorem 2: holds -> fails"], ReportDiff.Compare(before, after).Take(2));
        Assert.Equal(["- ADD 1 (F { op = 0x01, zero = 0 }): innocuous"], ReportDiff.Compare(before, before with { Forms = [.. before.Forms.Skip(1)] }));
        Assert.Equal(["+ ADD 1 (F { op = 0x01, zero = 0 }): innocuous"], ReportDiff.Compare(before with { Forms = [.. before.Forms.Skip(1)] }, before));
    }

    [Fact]
    public void ASpecWithErrorsHasNoReport() =>
        Assert.Throws<InvalidOperationException>(() => ReportBuilder.Build([("root.isa", "isa x { include \"missing.isa\"; }")], new ReportOptions()));
}
