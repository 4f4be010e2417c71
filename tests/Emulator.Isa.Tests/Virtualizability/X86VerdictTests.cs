using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Tests.Virtualizability;

/// <summary>
/// The derived verdict on IA-32 against the one found by hand: J. Robin, C. Irvine, "Analysis of the Intel Pentium's Ability to Support a Secure Virtual Machine Monitor",
/// USENIX Security 2000, which lists seventeen sensitive, unprivileged instructions.
/// </summary>
public sealed class X86VerdictTests
{
    private static readonly string[] RobinIrvine =
    [
        "SGDT", "SIDT", "SLDT", "SMSW", "PUSHF", "POPF", "LAR", "LSL", "VERR", "VERW", "POP_SEG", "PUSH_SEG", "CALL_FAR", "JMP_FAR", "INT", "RETF", "STR", "MOV_FROM_SEG", "MOV_TO_SEG",
    ];

    [Fact]
    public void FindsWhatWasFoundByHand() => Assert.Empty(RobinIrvine.Except(Analysed.X86.Critical("classic")));

    [Fact]
    public void FindsNothingElseUnreviewed() => Assert.Equal(
        ["CPUID", "INT3", "INTO", "IRET", "LOAD_FAR", "RDTSC", "RETFN", "SYSENTER"],
        Analysed.X86.Critical("classic").Except(RobinIrvine).Order(StringComparer.Ordinal));

    [Fact]
    public void UmipRemovesExactlyTheStoresOfSystemRegisters() => Assert.Equal(
        ["SGDT", "SIDT", "SLDT", "SMSW", "STR"],
        Analysed.X86.Critical("classic").Except(Analysed.X86.Critical("umip")).Order(StringComparer.Ordinal));

    [Fact]
    public void UmipAddsNothing() => Assert.Empty(Analysed.X86.Critical("umip").Except(Analysed.X86.Critical("classic")));

    [Theory]
    [InlineData("classic")]
    [InlineData("umip")]
    [InlineData("v8086")]
    public void NoTheoremHolds(string profile)
    {
        ProfileVerdict verdict = Analysed.X86.Profile(profile);
        Assert.False(verdict.Theorem1.Holds);
        Assert.False(verdict.Theorem2.Holds);
        Assert.False(verdict.Theorem3.Holds);
        Assert.Equal(verdict.Forms.Where(f => f.Critical), verdict.RepairSet);
    }

    [Theory]
    [InlineData("IN", "io")]
    [InlineData("OUT", "io")]
    [InlineData("CLI", "control")]
    [InlineData("STI", "control")]
    [InlineData("HLT", "control")]
    [InlineData("LGDT", "control")]
    [InlineData("MOV_TO_CR3", "control")]
    [InlineData("INVLPG", "control")]
    [InlineData("RDMSR", "timer")]
    public void TrapsInTheGuest(string instruction, string kind)
    {
        foreach (FormVerdict form in Analysed.X86.Forms("classic", instruction))
        {
            Assert.True(form.Traps, form.Form.Text);
            Assert.False(form.Critical);
            Assert.Contains(kind, form.Kinds);
            Assert.Equal([AccessKind.Never, AccessKind.Never], form.Access.Where(a => a.Mode is "ring1" or "ring3").Select(a => a.Kind));
        }
    }

    [Fact]
    public void PopfDropsItsWriteToIf()
    {
        FormVerdict popf = Analysed.X86.Forms("classic", "POPF").Single();
        Assert.Equal(FormClass.Critical, popf.Class);
        Assert.Equal(["control"], popf.Kinds);
        Difference difference = popf.Difference!;
        Assert.Equal(DifferenceKind.DroppedWrite, difference.Kind);
        var cpl = Analysed.X86.Model.ModeAtom!;
        Assert.Equal((0, 1), ((int)difference.Reference[cpl], (int)difference.Guest[cpl]));
        Assert.Equal("EFLAGS.IF", difference.Note!.Target);
        Assert.Equal(EffectKind.WritesResource, difference.Note.Kind);
        string[] spec = Repository.Read("isa/x86/stack.isa").Split('\n');
        Assert.Contains("EFLAGS.IF = v.[9] when CPL <= IOPL else ignore;", spec[difference.Note.Span.Line - 1]);
        Assert.Contains(difference.Note.Guards, g => g.Reads.Any(a => a.Name == "CPL"));
        Assert.All(popf.Access, a => Assert.Equal(AccessKind.Always, a.Kind));
    }

    [Fact]
    public void PopfTrapsInVirtual8086Mode()
    {
        foreach (string instruction in (string[])["POPF", "PUSHF", "INT", "CLI", "STI"]) Assert.All(Analysed.X86.Forms("v8086", instruction), f => Assert.True(f.Traps));
    }

    /// <summary>Instructions the manual gives no privilege and no system state: each must come out innocuous, in every form and profile.</summary>
    [Theory]
    [InlineData("MOV ADD ADC SUB SBB AND OR XOR CMP TEST INC DEC NEG NOT MUL IMUL DIV IDIV LEA XCHG CMPXCHG XADD MOVZX MOVSX BSWAP XLAT")]
    [InlineData("PUSH POP PUSHA POPA ENTER LEAVE CALL RET RETN JMP Jcc LOOP JCXZ SETcc CMOVcc BOUND")]
    [InlineData("MOVS STOS LODS CMPS SCAS CLD STD CLC STC CMC LAHF SAHF")]
    [InlineData("SHL SHR SAR ROL ROR RCL RCR SHLD SHRD BT BTS BTR BTC BSF BSR AAA AAS AAM AAD DAA DAS")]
    [InlineData("NOP PAUSE UD2 X87_D8 X87_D9 WAIT ARPL RDPMC")]
    public void OrdinaryInstructionsAreInnocuous(string instructions)
    {
        foreach (string instruction in instructions.Split(' '))
        {
            FormVerdict[] forms = [.. Analysed.X86.Report.Profiles.SelectMany(p => p.Forms).Where(f => f.Form.Instruction.Name == instruction)];
            Assert.NotEmpty(forms);
            Assert.All(forms, f => Assert.False(f.Sensitive, $"{instruction} {f.Form.Text}: {string.Join(", ", f.Kinds)}"));
        }
    }

    /// <summary>RDPMC gives zero; that it traps without CR4.PCE hands control to the monitor and is no sensitivity. UD2 traps everywhere, which is no privilege.</summary>
    [Fact]
    public void TrappingIsNotPrivilege()
    {
        FormVerdict ud2 = Analysed.X86.Forms("classic", "UD2").Single();
        Assert.True(ud2.Traps);
        Assert.False(ud2.Privileged);
        Assert.Equal(AccessKind.Sometimes, Analysed.X86.Forms("classic", "RDPMC").Single().Access.Single(a => a.Mode == "ring3").Kind);
    }

    /// <summary>REP INS with a count of zero does nothing in any mode: it does not always trap, and is not critical either.</summary>
    [Fact]
    public void StringInputIsSensitiveButNotCritical()
    {
        foreach (FormVerdict form in Analysed.X86.Forms("classic", "INS").Concat(Analysed.X86.Forms("classic", "OUTS")))
        {
            Assert.Equal(FormClass.Sensitive, form.Class);
            Assert.False(form.Traps);
            Assert.Contains("io", form.Kinds);
        }
    }

    [Fact]
    public void EveryMarkIsRight()
    {
        string[] wrong = [.. Analysed.X86.Report.Diagnostics.Where(d => d.Severity != Severity.Info).Select(d => d.ToString())];
        Assert.Empty(wrong);
        Assert.All(Analysed.X86.Report.Profiles.SelectMany(p => p.Forms), f => Assert.True(f.Followed, f.Form.Text));
    }

    /// <summary>
    /// Hardware virtualization: what the guest has its own of needs no trap, what is left exits, by the semantics (vmx) or as declared (svm). Without the exits it is not enough, without its own
    /// state neither.
    /// </summary>
    [Theory]
    [InlineData("vmx")]
    [InlineData("svm")]
    public void HardwareVirtualizationMakesItVirtualizable(string profile)
    {
        ProfileVerdict verdict = Analysed.X86.Profile(profile);
        Assert.True(verdict.Theorem1.Holds && verdict.Theorem2.Holds && verdict.Theorem3.Holds);
        Assert.All(Analysed.X86.Forms(profile, "POPF"), f => Assert.Equal(FormClass.Innocuous, f.Class));
        Assert.All(Analysed.X86.Forms(profile, "CPUID"), f => Assert.True(f.Traps && f.Intercepted == (profile == "svm")));
    }

    [Theory]
    [InlineData("svm", ", switch_task;", ";", "INT INT3 INTO JMP_FAR CALL_FAR IRET")]
    [InlineData("svm", "RDTSC, RDPMC,", "RDPMC,", "RDTSC")]
    [InlineData("svm", "own CPL, EFLAGS, CR0,", "own CPL, CR0,", "PUSHF POPF")]
    [InlineData("vmx", "VM_PROC == 0x8580_F3F2", "VM_PROC == 0x8580_E3F2", "RDTSC")]
    [InlineData("vmx", "VM_PROC == 0x8580_F3F2", "VM_PROC == 0x8480_F372", "HLT IN OUT INS OUTS")]
    [InlineData("vmx", "own lin, CPL, EFLAGS, CR0,", "own lin, CPL, CR0,", "PUSHF POPF")]
    public void EachPartOfItIsNeeded(string profile, string text, string by, string critical)
    {
        Analysed x86 = Analysed.Of([.. Directory.GetFiles(Path.Combine(Repository.Root, "isa/x86"), "*.isa").Order(StringComparer.Ordinal).Select(f =>
            (Path.GetFileName(f), Path.GetFileName(f) == "profiles.isa" ? File.ReadAllText(f).Replace(text, by, StringComparison.Ordinal) : File.ReadAllText(f)))])["x86"];
        Assert.Superset(critical.Split(' ').ToHashSet(), x86.Critical(profile).ToHashSet());
    }
}
