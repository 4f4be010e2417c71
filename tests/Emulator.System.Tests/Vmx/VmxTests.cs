using System.Globalization;
using System.Text;
using Emulator.Machines;
using Emulator.System.Tests.Results;
using Emulator.Testing;
using VerifyXunit;
using Xunit;

namespace Emulator.System.Tests.Vmx;

/// <summary>The guest hypervisor of tests/guests/vmx on our own PC and in Bochs.</summary>
public sealed class VmxTests
{
    private const string NoEnd = "no end 0";
    private static readonly Lazy<(VmxTranscript Transcript, PcRun Run)> Own = new(() => VmxGuest.Scenarios().RunOwn());

    /// <summary>The approved text was written down from Bochs's output and, where Bochs departs from it, from the manual (bochs-differences.txt).</summary>
    [Fact]
    public async Task Our_machine_does_what_the_manual_says()
    {
        var (transcript, run) = Own.Value;
        await Verifier.Verify(transcript.Text);
        Assert.Equal((PcEnd.GuestExit, 1), (run.End, run.ExitCode));
    }

    /// <summary>The tables of checks on VM entry say themselves what the manual demands.</summary>
    [Fact]
    public void Every_check_on_VM_entry_is_made()
    {
        var lines = Own.Value.Transcript.Names.Where(name => name.StartsWith("checks on ", StringComparison.Ordinal)).SelectMany(name => Own.Value.Transcript.Lines(name)!).ToList();
        Assert.True(lines.Count > 300, $"{lines.Count} checks");
        Assert.DoesNotContain(lines, line => line.Contains("(the manual: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Single_steps_give_the_same_as_blocks() => Assert.Equal(Own.Value.Transcript.Text, VmxGuest.Scenarios().RunOwn(singleStep: true).Transcript.Text);

    [BochsFact]
    public async Task Bochs_agrees_but_for_the_reviewed_list()
    {
        var comparison = new VmxComparison(Own.Value.Transcript, await VmxGuest.Scenarios().RunBochsAsync(), ReviewedDifferences.Read("bochs-differences.txt"));
        TestReport.Write("vmx-bochs", comparison.Summary);
        Assert.Empty(comparison.Problems);
    }

    /// <summary>One, two and four changes of a VMCS for each seed; <c>EMULATOR_VMX_SEEDS=N</c> tries another number of each.</summary>
    [BochsFact]
    public async Task Bochs_agrees_about_random_changes_of_a_VMCS()
    {
        var report = new StringBuilder();
        var problems = new List<string>();
        foreach (var fields in (uint[])[1, 2, 4])
        {
            var (own, undecided) = await CompareSeeds(VmxGuest.Random(fields * 1_000_000, Seeds, fields), problems);
            report.Append(CultureInfo.InvariantCulture, $"{fields} of the fields changed, {Seeds} seeds, {undecided} without an end in time: ")
                .AppendJoin(", ", own.GroupBy(outcome => outcome).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()} times")).Append('\n');
        }

        Finish("vmx-random", report.ToString(), problems);
    }

    /// <summary>Random guests under random controls, masks, shadows and bitmaps: a checksum of what all their exits report; as many as of the changes.</summary>
    [BochsFact]
    public async Task Bochs_agrees_about_exits_of_random_guests()
    {
        var problems = new List<string>();
        var (own, _) = await CompareSeeds(VmxGuest.Random(5_000_000, Seeds, fields: 0), problems);
        var exits = own.Sum(outcome => int.Parse(outcome.Split(' ')[0], CultureInfo.InvariantCulture));
        Finish("vmx-traces", string.Create(CultureInfo.InvariantCulture, $"{Seeds} guests, {exits} exits\n"), problems);
        Assert.True(exits > Seeds * 10, $"{exits} exits");
    }

    private static uint Seeds =>
        uint.TryParse(Environment.GetEnvironmentVariable("EMULATOR_VMX_SEEDS"), CultureInfo.InvariantCulture, out var number) ? number : 2000;

    /// <summary>Our outcomes of all seeds, and how many guests did not end in time.</summary>
    private static async Task<(IReadOnlyCollection<string> Own, int Undecided)> CompareSeeds(VmxGuest guest, List<string> problems)
    {
        var other = await guest.RunBochsAsync();
        var (own, run) = guest.RunOwn();
        Assert.Equal((PcEnd.GuestExit, 1), (run.End, run.ExitCode));
        Assert.Equal((int)Seeds, other.Seeds.Count);
        Assert.Equal(other.Seeds.Keys, own.Seeds.Keys);

        // A guest that runs astray for long: when the timer ends it depends on the speed of the machine.
        var undecided = own.Seeds.Keys.Where(seed => own.Seeds[seed] == NoEnd || other.Seeds[seed] == NoEnd).ToHashSet();
        Assert.True(undecided.Count <= 5 + (Seeds / 100), $"{undecided.Count} guests did not end in time");
        problems.AddRange(own.Seeds.Where(seed => !undecided.Contains(seed.Key) && other.Seeds[seed.Key] != seed.Value)
            .Select(seed => $"{seed.Key}: {seed.Value}, in Bochs {other.Seeds[seed.Key]}"));
        return (own.Seeds.Values, undecided.Count);
    }

    private static void Finish(string name, string report, List<string> problems)
    {
        TestReport.Write(name, report + string.Concat(problems.Select(problem => problem + "\n")));
        Assert.Empty(problems);
    }
}
