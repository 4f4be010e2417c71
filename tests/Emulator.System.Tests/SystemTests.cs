using Emulator.Machines;
using Emulator.System.Tests.Guest;
using Emulator.System.Tests.Machines;
using Emulator.System.Tests.Results;
using Emulator.System.Tests.Scenarios;
using Emulator.Testing;
using VerifyXunit;
using Xunit;

namespace Emulator.System.Tests;

/// <summary>The exerciser on our own PC and in QEMU.</summary>
public sealed class SystemTests
{
    private static readonly IReadOnlyList<Scenario> Scenarios = AllScenarios.Build().Items;
    private static readonly byte[] Image = ExerciserImage.Build(Scenarios);
    private static readonly IReadOnlyList<Scenario> Shared = [.. Scenarios.Where(scenario => !scenario.OwnOnly)];
    private static readonly byte[] SharedImage = ExerciserImage.Build(Shared);

    [Fact]
    public async Task Our_machine_does_what_was_approved()
    {
        var (text, run) = OwnMachine.Run(Image);
        await Verifier.Verify(Report.Write(Transcript.Parse(text, Scenarios)));
        Assert.Equal((PcEnd.GuestExit, 1), (run.End, run.ExitCode));
    }

    [Fact]
    public void Single_steps_give_the_same_as_blocks()
    {
        var (blocks, run) = OwnMachine.Run(Image);
        var (steps, stepped) = OwnMachine.Run(Image, singleStep: true);
        Assert.Equal(blocks, steps);
        Assert.Equal(run, stepped);
    }

    [QemuFact]
    public async Task Qemu_agrees_but_for_the_reviewed_list()
    {
        var (text, exitCode) = await Qemu.RunAsync(SharedImage);
        Compare("system-qemu", text, "qemu-differences.txt");
        Assert.Equal(1, exitCode);
    }

    private static void Compare(string report, string text, string list)
    {
        var (own, _) = OwnMachine.Run(SharedImage);
        var comparison = new Comparison(Transcript.Parse(own, Shared), Transcript.Parse(text, Shared), ReviewedDifferences.Read(list));
        TestReport.Write(report, comparison.Summary);
        Assert.Empty(comparison.Problems);
    }
}
