using Emulator.Isa.Analysis.PopekGoldberg;

namespace Emulator.Replay.Tests;

/// <summary>Every witness, which the interpreter of the IR has shown, shows the same on the generated machine.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string, string> Profiles
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (Spec spec in Spec.All)
            {
                foreach (ProfileVerdict verdict in spec.Report.Profiles.Where(p => !p.RepairSet.IsEmpty)) all.Add(spec.Model.Name, verdict.Name);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EveryWitnessReplays(string isa, string profile)
    {
        Spec spec = Spec.Of(isa);
        ProfileVerdict verdict = spec.Profile(profile);
        var finder = new WitnessFinder(spec.Model, spec.Facts);
        using IReplayMachine machine = ReplayMachines.Create(spec.Model, spec.Facts)!;
        var wrong = new List<string>();
        foreach (FormVerdict form in verdict.RepairSet)
        {
            Witness witness = finder.Find(form.Form, verdict.Profile, form.Difference!)!;
            string[] expected = [.. witness.Outcomes(spec.Model).Select(o => o.ToString())];
            string[] found = [.. machine.Replay(witness).Outcomes(spec.Model).Select(o => o.ToString())];
            if (!expected.SequenceEqual(found))
            {
                wrong.Add($"{form.Form.Instruction.Name} {form.Form.Text}: interpreter {string.Join(" ", expected)}; generated {string.Join(" ", found)} ; {string.Join(" ", found.Except(expected))}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>No critical form of any spec goes without: profiles and instances are not picked by hand.</summary>
    [Fact]
    public void EveryInstanceIsReplayed() =>
        Assert.Equal(["pg74_free_return", "pg74_mode_read", "pg74_raw_load", "pg74_silent_halt", "rv32", "rv64", "x86"], Profiles.Select(p => (string)p[0]).Distinct().Order(StringComparer.Ordinal));
}
