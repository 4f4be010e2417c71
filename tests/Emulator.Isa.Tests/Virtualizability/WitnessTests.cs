using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>Every critical form of every spec has a witness that the interpreter confirms.</summary>
public sealed class WitnessTests
{
    public static TheoryData<string, string, string> Profiles => new()
    {
        { "isa/x86", "x86", "classic" }, { "isa/x86", "x86", "umip" }, { "isa/x86", "x86", "v8086" },
        { "isa/pg74", "pg74_silent_halt", "thirdgen" }, { "isa/pg74", "pg74_raw_load", "thirdgen" },
        { "isa/pg74", "pg74_mode_read", "thirdgen" }, { "isa/pg74", "pg74_free_return", "thirdgen" },
        { "isa/riscv", "rv32", "umode" }, { "isa/riscv", "rv64", "umode" },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EveryCriticalFormHasOne(string folder, string isa, string profile)
    {
        Analysed spec = Analysed.Folder(folder)[isa];
        ProfileVerdict verdict = spec.Profile(profile);
        Assert.NotEmpty(verdict.RepairSet);
        var finder = new WitnessFinder(spec.Model, spec.Facts);
        foreach (FormVerdict form in verdict.RepairSet)
        {
            string name = $"{form.Form.Instruction.Name} {form.Form.Text}";
            Witness? witness = finder.Find(form.Form, verdict.Profile, form.Difference!);
            Assert.True(witness is not null, name);
            Assert.Same(form.Form, witness.Instruction.Variant.Form);
            Assert.True(finder.Replays(witness, form.Difference!), name);
            Assert.False(witness.GuestRun.Result.InMap, name);
            Assert.NotEmpty(witness.Outcomes(spec.Model));
        }
    }

    /// <summary>
    /// The other direction: whatever resources are made to differ, no form that is not called critical shows it in a guest that does not trap. The search that finds a witness for every
    /// critical form must find none here.
    /// </summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void NoOtherFormHasOne(string folder, string isa, string profile)
    {
        Analysed spec = Analysed.Folder(folder)[isa];
        ProfileVerdict verdict = spec.Profile(profile);
        // Rather the monitor's mode against the guest's; where no form shows that, one mode and other resources.
        Difference any = verdict.RepairSet.Select(f => f.Difference!).FirstOrDefault(d => d.Reference.Any(v => d.Guest[v.Key] != v.Value)) ?? verdict.RepairSet[0].Difference!;
        Difference probe = any with { Kind = DifferenceKind.ResultShowsResource, Roles = ResourceRoles.All, GuestMemoryTraps = false, Bypasses = false };
        var finder = new WitnessFinder(spec.Model, spec.Facts, patience: 40, restarts: 2);
        string[] refuted = [.. verdict.Forms.Where(f => !f.Critical && finder.Find(f.Form, verdict.Profile, probe) is not null).Select(f => $"{f.Form.Instruction.Name} {f.Form.Text}")];
        Assert.Empty(refuted);
    }

    /// <summary>What a witness says can be checked by hand.</summary>
    [Fact]
    public void PopfLosesTheInterruptFlagOrTheLevel()
    {
        Analysed x86 = Analysed.X86;
        FormVerdict popf = x86.Forms("classic", "POPF").Single();
        Witness witness = new WitnessFinder(x86.Model, x86.Facts).Find(popf.Form, x86.Profile("classic").Profile, popf.Difference!)!;
        Assert.True(witness.GuestRun.Result.Completed);
        Assert.True(witness.ReferenceRun.Result.Completed);
        var iopl = x86.Model.Atoms.Single(a => a.Name == "EFLAGS.IOPL");
        var flag = x86.Model.Atoms.Single(a => a.Name == "EFLAGS.IF");
        Assert.Equal(0, witness.GuestRun.Final[iopl]);
        Assert.Equal(witness.Guest[flag], witness.GuestRun.Final[flag]);
        Assert.True(witness.ReferenceRun.Final[iopl] != 0 || witness.ReferenceRun.Final[flag] != witness.Reference[flag]);
        Assert.All(x86.Model.Atoms.Where(a => a.Role is null && a.Derived is null), a => Assert.Equal(witness.Reference[a], witness.Guest[a]));
    }
}
