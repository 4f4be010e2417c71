using System.Globalization;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Replay.Check;
using Xunit.Abstractions;

namespace Emulator.Replay.Tests;

/// <summary>What is derived of every form holds in random states, on the generated machine.</summary>
public sealed class CheckTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;

    /// <summary>
    /// Forms of which neither chance nor search finds a state in which they complete: with task switches intercepted a whole gate and code segment must be right by chance. Of these nothing has
    /// been compared, which the report of the test says.
    /// </summary>
    private static readonly HashSet<(string Isa, string Profile, string Instruction)> Unreached =
        [("x86", "vmx", "INT"), ("x86", "vmx", "INT3"), ("x86", "vmx", "INTO"), ("x86", "svm", "INT"), ("x86", "svm", "INT3"), ("x86", "svm", "INTO")];

    public static TheoryData<string, string> Profiles
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (Spec spec in Spec.All)
            {
                foreach (ProfileVerdict verdict in spec.Report.Profiles) all.Add(spec.Model.Name, verdict.Name);
            }
            return all;
        }
    }

    /// <summary>Ten thousand states a form, and every critical form is shown to be.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void VerdictsHold(string isa, string profile)
    {
        Spec spec = Spec.Of(isa);
        using IReplayMachine machine = ReplayMachines.Create(spec.Model, spec.Facts)!;
        ProfileCheck check = machine.Check(spec.Profile(profile), new CheckOptions { Cases = Cases });
        Assert.All(check.Forms.Where(f => f.Skipped is null && f.Failure is null), f => Assert.Equal(Cases, f.Guest.Total));
        FormCheck[] unreached = [.. check.Failures.Where(f => f.Witness is null && Unreached.Contains((isa, profile, f.Verdict.Form.Instruction.Name)))];
        FormCheck[] failures = [.. check.Failures.Except(unreached)];
        Assert.True(failures.Length == 0, string.Join("\n", failures.Select(f => $"{Name(f)}: {f.Failure}")));
        string report = string.Create(CultureInfo.InvariantCulture, $"{isa}, {profile}: {check.Forms.Count(f => f.Skipped is null)} forms, {check.Executions:N0} executions, none other than derived; "
            + $"{check.Forms.Sum(f => f.ConditionsDecided):N0} against the derived condition of their traps; {check.Forms.Count(f => f.DifferenceFound)} of {check.Forms.Count(f => f.Verdict.Critical)} critical forms shown\n")
            + string.Concat(unreached.Select(f => $"not compared: {Name(f)}: {f.Failure}\n"))
            + string.Concat(check.NotFound.Select(f => $"critical, but no difference was found: {Name(f)}\n"));
        output.WriteLine(report);
        Directory.CreateDirectory(Spec.Reports);
        File.WriteAllText(Path.Combine(Spec.Reports, $"random states {isa} {profile}.txt"), report);
        Assert.InRange(check.NotFound.Count(), 0, check.Forms.Count(f => f.Verdict.Critical) / 10);
    }

    private static string Name(FormCheck form) => $"{form.Verdict.Form.Instruction.Name} ({form.Verdict.Form.Text})";
}
