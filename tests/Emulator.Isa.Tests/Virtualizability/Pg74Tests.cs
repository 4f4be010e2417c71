using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>The paper's machine is virtualizable; with one defect it is not, in just the way the defect suggests.</summary>
public sealed class Pg74Tests
{
    [Fact]
    public void ThePapersMachineIsVirtualizable()
    {
        Analysed pg74 = Analysed.Folder("isa/pg74")["pg74"];
        ProfileVerdict verdict = pg74.Profile("thirdgen");
        Assert.True(verdict.Theorem1.Holds);
        Assert.True(verdict.Theorem2.Holds);
        Assert.True(verdict.Theorem3.Holds);
        Assert.Empty(verdict.RepairSet);
        Assert.Empty(pg74.Report.Diagnostics);
        Assert.Equal(["HALT", "LOADR", "LPSW", "LRB", "RETU", "SMODE", "SRB"],
            verdict.Forms.Where(f => f.Class == FormClass.Privileged).Select(f => f.Form.Instruction.Name).Order(StringComparer.Ordinal));
        Assert.All(verdict.Forms.Where(f => f.Class != FormClass.Privileged), f => Assert.False(f.Sensitive, f.Form.Instruction.Name));
    }

    [Theory]
    [InlineData("pg74_silent_halt", "HALT", "control", DifferenceKind.DroppedWrite, true)]
    [InlineData("pg74_raw_load", "LOADR", "location", DifferenceKind.ResultShowsResource, false)]
    [InlineData("pg74_mode_read", "SMODE", "mode", DifferenceKind.ResultDiffers, true)]
    [InlineData("pg74_free_return", "RETU", "control", DifferenceKind.DroppedWrite, true)]
    public void ADefectBreaksIt(string instance, string instruction, string kind, DifferenceKind difference, bool hybrid)
    {
        Analysed spec = Analysed.Folder("isa/pg74")[instance];
        ProfileVerdict verdict = spec.Profile("thirdgen");
        Assert.False(verdict.Theorem1.Holds);
        Assert.False(verdict.Theorem2.Holds);
        Assert.Equal(hybrid, verdict.Theorem3.Holds);
        FormVerdict broken = Assert.Single(verdict.RepairSet);
        Assert.Equal(instruction, broken.Form.Instruction.Name);
        Assert.Equal([kind], broken.Kinds);
        Assert.Equal(difference, broken.Difference!.Kind);
        IsaDiagnostic found = Assert.Single(spec.Report.Diagnostics);
        Assert.Equal("PG0003", found.Id);
        Assert.Contains($"instruction {instruction} ", Repository.Read("isa/pg74/instructions.isa").Split('\n')[found.Span.Line - 1]);
    }
}
