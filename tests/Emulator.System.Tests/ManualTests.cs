using Emulator.Machines;
using Emulator.System.Tests.Guest;
using Emulator.System.Tests.Machines;
using Emulator.System.Tests.Results;
using Emulator.System.Tests.Scenarios;
using Xunit;

namespace Emulator.System.Tests;

/// <summary>Rules of the manual that are checked without another emulator.</summary>
public sealed class ManualTests
{
    private static readonly IReadOnlyList<Scenario> Scenarios = AllScenarios.Build().Items;
    private static readonly (string, string)[] Repeats = [("single step: rep movsb, each iteration", "@+16"), ("breakpoint: rep stosb traps after the iteration", "@+20a")];
    private static readonly Lazy<Transcript> Own = new(() => Transcript.Parse(OwnMachine.Run(ExerciserImage.Build(Scenarios)).Text, Scenarios));

    /// <summary>
    /// SDM vol. 3, 17.3.1.1: the frame of a fault has RF set, but for an instruction breakpoint, and so has that of a trap between two iterations of a
    /// repeated instruction; that of other traps or INT n has it clear.
    /// </summary>
    [Fact]
    public void Frames_of_faults_have_RF_set_and_others_have_not()
    {
        const uint resume = 0x10000, generalDetect = 0x2000;
        uint[] faults = [0, 5, 6, 7, 10, 11, 12, 13, 14, 17];
        var checkedEvents = 0;
        foreach (var result in Own.Value.Results)
        {
            foreach (var one in result.Events)
            {
                var vector = one.Words[Variables.Vector];
                if (vector == 8)
                    continue; // what an abort leaves is not defined
                var iterating = vector == 1 && one.Words[Variables.Ecx] is 1 or 2 && Repeats.Contains((result.Scenario.Name, one.Place(result.Scenario)));
                var fault = iterating || faults.Contains(vector) || (vector == 1 && (one.Words[Variables.Dr6] & generalDetect) != 0);
                Assert.True(fault == ((one.Words[Variables.Flags] & resume) != 0), $"{result.Scenario.Name}: {one.Describe(result.Scenario)}");
                checkedEvents++;
            }
        }

        Assert.True(checkedEvents > 4000, $"{checkedEvents} events");
    }

    /// <summary>SDM vol. 3, 5.3: the first and the last byte of an access must lie within the limits; 5.5 for the rights.</summary>
    [Fact]
    public void Accesses_are_checked_against_limit_and_rights()
    {
        var cells = 0;
        foreach (var result in Own.Value.Results.Where(result => result.Scenario.Row?.StartsWith("segment ", StringComparison.Ordinal) == true))
        {
            var row = result.Scenario.Row!;
            var cell = result.Scenario.Name[(row.Length + 1)..];
            var sign = cell.IndexOfAny(['+', '-']);
            var access = cell[..sign];
            var offset = int.Parse(cell[sign..], global::System.Globalization.CultureInfo.InvariantCulture);
            var bytes = int.Parse(access.TrimStart('r', 'w'), global::System.Globalization.CultureInfo.InvariantCulture) / 8;
            // The 64-bit access is a CMPXCHG8B, which writes always.
            var writes = access[0] == 'w' || access.StartsWith("rw", StringComparison.Ordinal) || bytes == 8;
            var writable = !row.Contains("read-only", StringComparison.Ordinal) && !row.Contains("code", StringComparison.Ordinal);
            var inside = row.Contains("down", StringComparison.Ordinal) && !row.Contains("top", StringComparison.Ordinal) ? offset >= 0 : offset + bytes <= 0;
            Assert.True((inside && (writable || !writes) ? "ok" : "#GP(0000)") == result.Cell(), $"{result.Scenario.Name}: {result.Cell()}");
            cells++;
        }

        Assert.Equal(7 * 5 * 7, cells);
    }

    [Fact]
    public void Results_are_those_written_down_from_the_manual()
    {
        var results = Own.Value.Results.ToDictionary(result => result.Scenario.Name);
        var list = ReviewedDifferences.Read("manual-results.txt");
        Assert.All(list.Values, entry =>
        {
            string[] lines = [.. results[entry.Scenario].Lines(showResume: false)];
            Assert.Equal(entry.Expected.Count, lines.Length);
            Assert.All(lines.Zip(entry.Expected), pair => Assert.Contains(pair.Second + " ", pair.First + " ", StringComparison.Ordinal));
        });

        // Whatever no other emulator is asked about stands in the list or has a rule of its own.
        var alone = Scenarios.Where(scenario => scenario.OwnOnly && scenario.Row is null).Select(scenario => scenario.Name);
        Assert.Empty(alone.Except(list.Keys));
    }

    /// <summary>SDM vol. 3, 6.15, interrupt 8: a fault while a double fault is delivered shuts the processor down.</summary>
    [Fact]
    public void Third_fault_shuts_down()
    {
        var (text, run) = OwnMachine.Run(TripleFault());
        Assert.Equal((PcEnd.TripleFault, "S 00000000\n"), (run.End, text));
    }

    [QemuFact]
    public async Task Third_fault_resets_qemu()
    {
        // With -no-reboot a reset ends QEMU.
        var (text, exitCode) = await Qemu.RunAsync(TripleFault());
        Assert.Equal((0, "S 00000000\n"), (exitCode, text));
    }

    private static byte[] TripleFault()
    {
        var scenario = new Scenario("triple fault").Idt(8, 0).Idt(13, 0).Idt(6, 0);
        scenario.Code(c => c.ud2());
        return ExerciserImage.Build([scenario]);
    }
}
