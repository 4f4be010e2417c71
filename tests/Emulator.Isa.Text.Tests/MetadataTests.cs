using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Isa.Text.Tests;

/// <summary>What is derived for forms of the x86 spec.</summary>
public sealed class MetadataTests
{
    private static IsaMetadata X86 => X86Metadata.Instance;

    private static FormInfo Form(string instruction, string encoding) => X86.Forms.Single(f => f.Instruction == instruction && f.Encoding == encoding);

    [Fact]
    public void AddToMemoryOrRegister()
    {
        FormInfo add = Form("ADD", "01 /r");
        Assert.Equal("add", add.Mnemonic);
        Assert.Equal("dst: E<v>, src: G<v>", add.Operands);
        Assert.Equal("innocuous", add.Mark);
        Assert.Equal("Integer arithmetic and logic", add.Chapter);
        Assert.Equal("alu.isa", add.File);
        Assert.Contains("GPR", add.Reads);
        Assert.Contains("lin", add.Reads);
        Assert.Contains("SEG.base", add.Reads);
        Assert.Contains("GPR", add.Writes);
        Assert.Contains("lin", add.Writes);
        Assert.Contains("PF", add.Traps);
        Assert.DoesNotContain("UD", add.Traps);
        Assert.Equal(["EFLAGS.AF", "EFLAGS.CF", "EFLAGS.OF", "EFLAGS.PF", "EFLAGS.SF", "EFLAGS.ZF"], add.FlagsProduced);
        Assert.DoesNotContain("EFLAGS.CF", add.FlagsConsumed);
        Assert.True(add.Flags.HasFlag(OpFlags.MayTrap));
        Assert.False(add.EndsBlock);
        Assert.True(add.Variants >= 4);
    }

    /// <summary>The trap dispatch table has a handler for just what the metadata says of the forms.</summary>
    [Fact]
    public unsafe void TrapTableAndFormsAgree()
    {
        var raised = X86.Forms.Select(_ => new HashSet<string>()).ToList();
        for (int variant = 0; variant < X86.VariantForms.Count; variant++)
        {
            for (int trap = 0; trap < X86.Traps.Count; trap++)
            {
                if (X86Isa.TrapHandler(trap, variant) != null) raised[X86.VariantForms[variant]].Add(X86.Traps[trap].Name);
            }
        }
        Assert.Equal(X86.Forms.Select(f => string.Join(' ', f.Traps.Order())), raised.Select(r => string.Join(' ', r.Order())));
        Assert.Contains(raised, r => r.Count == 0);
        Assert.Contains("GP", raised[X86.Forms.ToList().IndexOf(Form("CLI", "FA"))]);
        Assert.True(X86Isa.TrapHandler(0, X86.VariantForms.Count) == null && X86Isa.TrapHandler(X86.Traps.Count, 0) == null);
    }

    [Fact]
    public void RegisterFormsNeitherTouchMemoryNorTrap()
    {
        FormInfo inc = Form("INC", "40+opr");
        Assert.Equal(["GPR"], inc.Reads.Where(r => !r.StartsWith("EFLAGS", StringComparison.Ordinal)));
        Assert.Empty(inc.Traps);
        Assert.False(inc.Flags.HasFlag(OpFlags.MayTrap));
    }

    [Fact]
    public void AFlagThatIsKeptIsNeitherConsumedNorProduced()
    {
        FormInfo inc = Form("INC", "40+opr");
        Assert.DoesNotContain("EFLAGS.CF", inc.FlagsProduced);
        Assert.DoesNotContain("EFLAGS.CF", inc.FlagsConsumed);
        Assert.Contains("EFLAGS.ZF", inc.FlagsProduced);
    }

    [Fact]
    public void ConditionsConsumeFlags()
    {
        Assert.Equal(["EFLAGS.CF"], Form("ADC", "15").FlagsConsumed);
        FormInfo jcc = Form("Jcc", "70+cc");
        Assert.Superset(new HashSet<string> { "EFLAGS.CF", "EFLAGS.ZF", "EFLAGS.SF", "EFLAGS.OF", "EFLAGS.PF" }, jcc.FlagsConsumed.ToHashSet());
        Assert.Empty(jcc.FlagsProduced);
        Assert.True(jcc.EndsBlock);
        Assert.False(jcc.Flags.HasFlag(OpFlags.AlwaysJumps));
        Assert.True(Form("JMP", "EB").Flags.HasFlag(OpFlags.AlwaysJumps));
    }

    [Fact]
    public void UndefinedResultsAndGates()
    {
        Assert.Contains("AF_logic", Form("AND", "25").Undefined);
        Assert.Empty(Form("ADD", "05").Undefined);
        FormInfo hlt = Form("HLT", "F4");
        Assert.Equal("CPL == 0 else GP(0)", hlt.Gates[0]);
        Assert.Contains("GP", hlt.Traps);
        Assert.Equal("privileged", hlt.Mark);
    }

    [Fact]
    public void EveryVariantHasAForm()
    {
        Assert.Equal(X86.Forms.Sum(f => f.Variants), X86.VariantForms.Count);
        Assert.All(X86.VariantForms, f => Assert.InRange(f, 0, X86.Forms.Count - 1));
        Assert.Null(X86.FormOf(X86.VariantForms.Count));
    }

    [Fact]
    public void StatesLieInsideTheStructure()
    {
        StateInfo gpr = X86.States.Single(s => s.Name == "GPR");
        Assert.Equal((32, 8), (gpr.Width, gpr.Count));
        Assert.Equal("EAX", gpr.ElementNames[0]);
        StateInfo eflags = X86.States.Single(s => s.Name == "EFLAGS");
        Assert.Equal(11, eflags.Atoms.Single(a => a.Name == "OF").Low);
        Assert.Equal(32, eflags.Width);
        var used = new HashSet<int>();
        foreach (AtomInfo atom in X86.States.SelectMany(s => s.Atoms.Select(a => (a, s.Count))).Select(x => x.a))
        {
            Assert.InRange(atom.Offset, 128, X86Isa.StateSize - atom.Size);
            Assert.True(used.Add(atom.Offset), $"{atom.Name} at {atom.Offset}");
        }
        Assert.Contains("pc", X86.States.Single(s => s.Name == "EIP").Roles);
        Assert.Equal("PF", X86.Traps.Single(t => t.Number == 14).Name);
        Assert.Contains(X86.Memories, m => m.Name == "lin" && !m.IsBus);
    }
}
