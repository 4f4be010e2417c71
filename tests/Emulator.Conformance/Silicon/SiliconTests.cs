using System.Globalization;
using System.Text;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Conformance.Silicon;

/// <summary>The generated handlers against the processor this runs on.</summary>
public sealed class SiliconTests(ITestOutputHelper output)
{
    private const long Cases = 2_000_000;
    private const int Batch = 256;
    private const int FailuresShown = 40;
    private const int FailuresPerForm = 2;
    private const ulong Seed = 0x5EED;

    /// <summary>At least two million random states, spread evenly over every unprivileged integer form, agree in registers, flags, memory and exceptions.</summary>
    [Fact]
    public void Handlers_agree_with_the_processor()
    {
        if (GuestPrograms.Folder is null)
        {
            Assert.False(Repository.IsCi, GuestPrograms.Reason);
            output.WriteLine("skipped: " + GuestPrograms.Reason);
            return;
        }

        using var silicon = new SiliconProcess(GuestPrograms.PathOf("silicon"));
        IReadOnlyList<SiliconForm> forms = SiliconForms.All;
        var generator = new CaseGenerator(silicon.Hello, Seed);
        var comparer = new SiliconComparer(silicon.Hello);
        var coverage = new SiliconCoverage(X86Metadata.Instance);
        var failures = new SiliconFailures(FailuresShown, FailuresPerForm);
        long wanted = long.Parse(Environment.GetEnvironmentVariable("EMULATOR_SILICON_CASES") ?? Cases.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        long batches = (wanted + Batch - 1) / Batch;
        SiliconCase[] current = new SiliconCase[Batch], next = new SiliconCase[Batch];
        var changes = new SiliconChange[silicon.Hello.ScratchSize];
        var suspects = new List<(SiliconForm Form, SiliconCase Case)>();
        Fill(next, 0);
        silicon.Send(next);
        for (long batch = 0; batch < batches; batch++)
        {
            (current, next) = (next, current);
            if (batch + 1 < batches)
            {
                Fill(next, batch + 1);
                silicon.Send(next);
            }

            for (int i = 0; i < Batch; i++)
            {
                SiliconForm form = Form(batch, i);
                int n = silicon.Receive(out SiliconReply reply, changes);
                if (comparer.Run(form, current[i], reply, changes.AsSpan(0, n)) is { } difference)
                {
                    if (suspects.Count < Batch)
                        suspects.Add((form, current[i]));
                    else
                        failures.Add(form, difference);
                }

                coverage.Count(comparer.LastForm, comparer.LastCompleted);
            }
        }

        // An interrupt between the instruction and the reading of its results may change them: Linux loads segment registers anew on its way back, a null selector as 0. So what disagrees must do so again.
        silicon.Send([.. suspects.Select(s => s.Case)]);
        foreach ((SiliconForm form, SiliconCase suspect) in suspects)
        {
            int n = silicon.Receive(out SiliconReply reply, changes);
            if (comparer.Run(form, suspect, reply, changes.AsSpan(0, n)) is { } difference)
                failures.Add(form, difference);
        }

        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"{batches * Batch} cases of {forms.Count} encodings on {silicon.Hello.Cpu}, {failures.Count} disagree, {suspects.Count - failures.Count} did once and not again");
        foreach ((Iced.Intel.Mnemonic mnemonic, string reason) in SiliconForms.Excluded)
            report.AppendLine($"  not executed: {mnemonic}: {reason}");
        coverage.Append(report);
        TestReport.Write("silicon", report.ToString());
        IReadOnlyList<string> uncovered = coverage.Uncovered(SiliconList.Read(Path.Combine(AppContext.BaseDirectory, "Silicon", "not-executed.txt")));
        Assert.True(failures.Count == 0, failures.ToString());
        Assert.True(uncovered.Count == 0, "Silicon/not-executed.txt and what was executed differ:\n" + string.Join('\n', uncovered));

        SiliconForm Form(long batch, int i) => forms[(int)((batch * Batch + i) % forms.Count)];

        void Fill(SiliconCase[] cases, long batch)
        {
            for (int i = 0; i < Batch; i++)
                cases[i] = generator.Next(Form(batch, i));
        }
    }

    /// <summary>Results are compared but where the spec itself says that the manual leaves them open.</summary>
    [Fact]
    public void Masks_are_those_of_the_spec()
    {
        var spec = X86Metadata.Instance.Forms
            .GroupBy(f => f.Mnemonic.Split(' ')[^1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.SelectMany(f => f.Undefined).Select(FlagOf).Aggregate(0u, (a, b) => a | b), StringComparer.OrdinalIgnoreCase);
        var differences = new List<string>();
        foreach ((string mnemonic, uint masked) in UndefinedResults.ByName())
        {
            uint declared = spec.GetValueOrDefault(mnemonic);
            if (declared != masked)
                differences.Add($"{mnemonic}: masked {X86Recording.FlagNames(0, masked)}; undefined.isa {X86Recording.FlagNames(0, declared)}");
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static uint FlagOf(string undefined) => undefined.Split('_')[0] switch
    {
        "CF" => 1,
        "PF" => 4,
        "AF" => 0x10,
        "ZF" => 0x40,
        "SF" => 0x80,
        "OF" => 0x800,
        _ => 0,
    };
}
