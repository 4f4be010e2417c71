using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>RISC-V is virtualizable where the counters are closed to the guest, and for nothing else is it not.</summary>
public sealed class RiscVVerdictTests
{
    [Theory]
    [InlineData("rv32")]
    [InlineData("rv64")]
    public void Theorem1HoldsWithTheCountersClosed(string isa)
    {
        ProfileVerdict verdict = Analysed.Folder("isa/riscv")[isa].Profile("s_in_u");
        Assert.True(verdict.Theorem1.Holds);
        Assert.True(verdict.Theorem2.Holds);
        Assert.True(verdict.Theorem3.Holds);
        Assert.Contains(verdict.Forms, f => f.Form.Instruction.Name == "MRET" && f.Sensitive && f.Traps);

        // The registers of floating point are the guest's own: they are all that does not trap.
        Assert.Contains(verdict.Forms, f => f.Form.Instruction.Name == "CSRRW" && f.Sensitive && !f.Traps);
    }

    [Theory]
    [InlineData("rv32")]
    [InlineData("rv64")]
    public void FloatingPointIsInnocuous(string isa)
    {
        ProfileVerdict verdict = Analysed.Folder("isa/riscv")[isa].Profile("s_in_u");
        FormVerdict[] forms = [.. verdict.Forms.Where(f => f.Form.Instruction.Name is ['F', ..] and not ("FENCE" or "FENCE_I"))];
        Assert.True(forms.Length > 50, $"{forms.Length} forms");
        Assert.All(forms, f => Assert.False(f.Sensitive, f.Form.Instruction.Name));
    }

    [Theory]
    [InlineData("rv32")]
    [InlineData("rv64")]
    public void OpenCountersAreAllThatIsCritical(string isa)
    {
        Analysed spec = Analysed.Folder("isa/riscv")[isa];
        Assert.Equal(["CSRRC", "CSRRCI", "CSRRS", "CSRRSI"], spec.Critical("umode").Order(StringComparer.Ordinal));
        Assert.All(spec.Profile("umode").RepairSet, f => Assert.Contains("timer", f.Kinds));
    }
}
