using System.Collections.Immutable;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Replay.Check;

namespace Emulator.Replay.Tests;

/// <summary>The check can fail: verdicts that are wrong are found to be, with a state that shows it.</summary>
public sealed class WrongClaimTests
{
    /// <summary>The verdict of the machine without defects, held against machines that each have one.</summary>
    [Theory]
    [InlineData("pg74_silent_halt", "HALT", "completes")]
    [InlineData("pg74_raw_load", "LOADR", "completes")]
    [InlineData("pg74_mode_read", "SMODE", "completes")]
    [InlineData("pg74_free_return", "RETU", "completes")]
    public void TheVerdictOfAnotherMachineIsRefuted(string isa, string instruction, string expected)
    {
        Spec spec = Spec.Of(isa);
        Spec innocent = Spec.Of("pg74");
        ProfileVerdict verdict = spec.Profile("thirdgen");
        ImmutableArray<FormVerdict> forms = [.. innocent.Profile("thirdgen").Forms.Select((f, i) => f with { Form = verdict.Forms[i].Form })];
        FormCheck failure = Assert.Single(Check(spec, verdict with { Forms = forms }, 1000).Failures);
        Assert.Equal(instruction, failure.Verdict.Form.Instruction.Name);
        Assert.Contains(expected, failure.Failure, StringComparison.Ordinal);
        Assert.NotNull(failure.Witness);
        Assert.True(failure.Witness.GuestRun.Result.Completed);
    }

    /// <summary>Critical forms called innocuous: each is found to show a difference, and the states replay.</summary>
    [Theory]
    [InlineData("pg74_silent_halt", "thirdgen", "HALT")]
    [InlineData("pg74_raw_load", "thirdgen", "LOADR")]
    [InlineData("pg74_mode_read", "thirdgen", "SMODE")]
    [InlineData("pg74_free_return", "thirdgen", "RETU")]
    [InlineData("rv32", "umode", "RDCYCLE")]
    [InlineData("x86", "classic", "POPF")]
    [InlineData("x86", "classic", "PUSHF")]
    [InlineData("x86", "classic", "SMSW")]
    [InlineData("x86", "classic", "SGDT")]
    [InlineData("x86", "classic", "RDTSC")]
    [InlineData("x86", "classic", "STR")]
    public void CriticalFormsCalledInnocuousAreRefuted(string isa, string profile, string instruction)
    {
        Spec spec = Spec.Of(isa);
        ProfileVerdict verdict = spec.Profile(profile);
        FormVerdict[] wrong = [.. verdict.Forms.Where(f => f.Critical && f.Form.Instruction.Name.StartsWith(instruction, StringComparison.Ordinal)).Select(f => f with { Class = FormClass.Innocuous })];
        if (wrong.Length == 0) wrong = [.. verdict.Forms.Where(f => f.Critical).Take(1).Select(f => f with { Class = FormClass.Innocuous })];
        ProfileCheck check = Check(spec, verdict with { Forms = [.. wrong] }, 10_000);
        Assert.Equal(wrong.Length, check.Failures.Count());
        Assert.All(check.Failures, f => Assert.Contains("difference", f.Failure, StringComparison.Ordinal));
        Assert.All(check.Failures, f => Assert.NotEmpty(f.Witness!.Outcomes(spec.Model)));
    }

    /// <summary>
    /// The derivation of an edited spec against the machine of the real one: a test of the mode that the derivation has not seen is a contradiction, whichever of the two is wrong.
    /// </summary>
    [Theory]
    [InlineData("require MODE == 1 || MODE_READ == 1 else PRIVILEGED();\n  do { d = zext<32>(MODE); }", "do { d = 0; }", "interpreter")]
    [InlineData("do { d = a - b; }", "require MODE == 1 else PRIVILEGED();\n  do { d = a - b; }", "completes")]
    public void TheDerivationOfAnotherSpecIsRefuted(string text, string by, string expected)
    {
        Spec edited = Spec.Edited("pg74", "pg74", "instructions.isa", text, by);
        FormCheck failure = Assert.Single(Check(edited, edited.Profile("thirdgen"), 1000).Failures);
        Assert.Contains(expected, failure.Failure, StringComparison.Ordinal);
    }

    /// <summary>A spec that is not the one the machine was generated from is told from it where it can be.</summary>
    [Fact]
    public void AMachineOfAnotherSpecIsRefused()
    {
        Spec edited = Spec.Edited("pg74", "pg74", "machine.isa", "trap CALL = 3 trap software;", "trap CALL = 3 trap software;\ntrap MORE = 4 trap software;");
        Assert.Throws<InvalidOperationException>(() => ReplayMachines.Create(edited.Model, edited.Facts));
    }

    /// <summary>A form that never gets anywhere is no success.</summary>
    [Fact]
    public void AVacuousCheckFails()
    {
        Spec edited = Spec.Edited("pg74", "pg74", "instructions.isa", "do { raise CALL(); }", "do { R[0] = 1; }");
        FormCheck failure = Assert.Single(Check(edited, edited.Profile("thirdgen"), 200).Failures);
        Assert.Equal("SVC", failure.Verdict.Form.Instruction.Name);
    }

    private static ProfileCheck Check(Spec spec, ProfileVerdict verdict, int cases)
    {
        using IReplayMachine machine = ReplayMachines.Create(spec.Model, spec.Facts)!;
        return machine.Check(verdict, new CheckOptions { Cases = cases });
    }
}
