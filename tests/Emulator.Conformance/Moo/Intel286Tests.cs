using System.Text;

namespace Emulator.Conformance.Moo;

/// <summary>The 80286 vectors (real silicon, real mode) against the generated CPU.</summary>
public sealed class Intel286Tests(ITestOutputHelper output)
{
    private const int Memory = 16 << 20;
    private const int FailuresShown = 5;

    /// <summary>Every vector passes but the skipped ones, which are counted.</summary>
    [Fact]
    public void Vectors_pass()
    {
        if (Repository.SharedData("sst-80286") is not { } folder)
        {
            Assert.False(Repository.IsCi, "The 80286 vectors are missing; EMULATOR_SHARED names the folder that holds data/sst-80286.");
            output.WriteLine("skipped: no vectors on this machine");
            return;
        }

        var metadata = new MooMetadata(folder);
        var skips = new MooSkips(metadata, Path.Combine(AppContext.BaseDirectory, "Moo", "skips.txt"));
        var runner = new MooRunner(TestCpus.CreateX86(Memory), metadata);
        var skipped = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new StringBuilder();
        int passed = 0, failed = 0;
        foreach (string path in Directory.GetFiles(folder, "*.MOO.gz").Order(StringComparer.Ordinal))
        {
            string opcode = Path.GetFileName(path)[..^".MOO.gz".Length];
            int failedHere = 0;
            foreach (MooTest test in MooFile.Read(path))
            {
                if (skips.ReasonFor(opcode, test) is { } reason)
                    skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
                else if (runner.Run(opcode, test) is not { } difference)
                    passed++;
                else if (failedHere++ < FailuresShown)
                    failures.Append(opcode).Append(": ").AppendLine(difference);
            }

            if (failedHere > 0)
                failures.AppendLine($"{opcode}: {failedHere} failed");
            failed += failedHere;
        }

        var report = new StringBuilder();
        report.AppendLine($"{passed} vectors agree, {failed} differ, {skipped.Values.Sum()} skipped");
        report.AppendLine($"  of those that ran, {runner.StackFaults} raised exception 12 where a 286 raises 13 (a stack access at offset FFFFh)");
        foreach ((string reason, int count) in skipped)
            report.AppendLine($"  skipped {count}: {reason}");
        TestReport.Write("80286-vectors", report.ToString());
        output.WriteLine(report.ToString());
        Assert.True(failed == 0 && passed > 0, report.ToString() + failures);
    }
}
