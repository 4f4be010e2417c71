using System.Globalization;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Replay.Check;
using Xunit.Abstractions;

namespace Emulator.Replay.Tests;

/// <summary>What is derived of every form holds in random states, on the generated machine.</summary>
public sealed class CheckTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;

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
        ProfileCheck check = machine.Check(spec.Profile(profile), new CheckOptions { Cases = Cases, Others = [.. spec.Report.Profiles.Where(p => p.Name != profile)] });
        Assert.All(check.Forms.Where(f => f.Skipped is null && f.Failure is null), f => Assert.Equal(Cases, f.Guest.Total));
        FormCheck[] failures = [.. check.Failures];
        Assert.True(failures.Length == 0, string.Join("\n", failures.Select(f => $"{Name(f)}: {f.Failure}")));
        string report = string.Create(CultureInfo.InvariantCulture, $"{isa}, {profile}: {check.Forms.Count(f => f.Skipped is null)} forms, {check.Executions:N0} executions, none other than derived; "
            + $"{check.Forms.Sum(f => f.ConditionsDecided):N0} against the derived condition of their traps; {check.Forms.Count(f => f.DifferenceFound)} of {check.Forms.Count(f => f.Verdict.Critical)} critical forms shown\n")
            + string.Concat(check.NotFound.Select(f => $"critical, but no difference was found: {Name(f)}\n"));
        output.WriteLine(report);
        Directory.CreateDirectory(Spec.Reports);
        File.WriteAllText(Path.Combine(Spec.Reports, $"random states {isa} {profile}.txt"), report);
        Assert.InRange(check.NotFound.Count(), 0, check.Forms.Count(f => f.Verdict.Critical) / 10);
    }

    private static string Name(FormCheck form) => $"{form.Verdict.Form.Instruction.Name} ({form.Verdict.Form.Text})";
}
