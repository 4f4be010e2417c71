using System.Globalization;
using Emulator.Testing;
using Spectre.Console;

namespace Emulator.Benchmarks;

/// <summary>Runs every kernel on every peer, in turn, several rounds, and prints a table of medians and ratios.</summary>
internal static class KernelBenchmark
{
    private const int Failed = 1;

    /// <summary>Runs and prints; the exit code is 1 when checksums differ, a peer required in CI is missing, or the target is missed.</summary>
    /// <param name="us">Our interpreter.</param>
    /// <param name="all">Whom it can be compared with, by key.</param>
    /// <param name="kernels">Kernels to run; all when empty.</param>
    /// <param name="peers">Keys of those to compare with; all when empty.</param>
    /// <param name="repetitions">Rounds.</param>
    /// <param name="target">How many times as fast as Bochs every kernel must be.</param>
    /// <param name="output">Where the table goes.</param>
    public static int Run(IPeer us, IReadOnlyList<(string Key, IPeer Peer)> all, string[] kernels, string[] peers, int repetitions, double target, TextWriter output)
    {
        if (kernels.Length == 0)
            kernels = [.. GuestPrograms.Kernels];
        List<IPeer> others = [.. all.Where(p => peers.Length == 0 || peers.Contains(p.Key)).Select(p => p.Peer)];
        if (us.Missing is { } reason)
        {
            output.WriteLine($"{us.Name} cannot run: {reason}");
            return Repository.IsCi ? Failed : 0;
        }

        foreach (IPeer missing in others.Where(p => p.Missing is not null).ToList())
        {
            output.WriteLine($"not compared with {missing.Name}: {missing.Missing}");
            if (Repository.IsCi)
                return Failed;
            others.Remove(missing);
        }

        var runs = new Dictionary<(string Kernel, IPeer Peer), List<KernelRun>>();
        for (int round = 0; round < repetitions; round++)
        {
            foreach (string kernel in kernels)
            {
                foreach (IPeer peer in (IEnumerable<IPeer>)[us, .. others])
                {
                    if (!runs.TryGetValue((kernel, peer), out List<KernelRun>? list))
                        runs[(kernel, peer)] = list = [];
                    list.Add(peer.Run(kernel));
                }
            }
        }

        int exit = 0;
        foreach (string kernel in kernels)
        {
            string[] sums = [.. others.Prepend(us).SelectMany(p => runs[(kernel, p)]).Select(r => r.Checksum).Distinct()];
            if (sums.Length != 1)
            {
                output.WriteLine($"{kernel}: checksums differ: {string.Join(", ", sums)}");
                exit = Failed;
            }
        }

        Print(kernels, us, others, runs, repetitions, output);
        if (others.OfType<BochsPeer>().FirstOrDefault() is { } bochs)
        {
            foreach (string kernel in kernels.Where(k => Median(runs[(k, bochs)]) / Median(runs[(k, us)]) < target))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel}: less than {target} times Bochs"));
                exit = Failed;
            }
        }

        return exit;
    }

    private static void Print(string[] kernels, IPeer us, List<IPeer> others, Dictionary<(string, IPeer), List<KernelRun>> runs, int repetitions, TextWriter output)
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumn("kernel");
        foreach (string column in (string[])["M instructions", $"{us.Name}, M/s", .. others.SelectMany(p => (string[])[$"{p.Name}, M/s", $"{us.Name} : {p.Name}"])])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (string kernel in kernels)
        {
            double instructions = runs[(kernel, us)][0].Instructions / 1e6, ours = Median(runs[(kernel, us)]);
            table.AddRow([kernel, Number(instructions, 0), Number(instructions / ours, 0),
                .. others.SelectMany(p => (string[])[Number(instructions / Median(runs[(kernel, p)]), 0), Number(Median(runs[(kernel, p)]) / ours, 2)])]);
        }

        table.AddRow(["geometric mean", "", Number(Mean(k => runs[(k, us)][0].Instructions / 1e6 / Median(runs[(k, us)])), 0),
            .. others.SelectMany(p => (string[])["", Number(Mean(k => Median(runs[(k, p)]) / Median(runs[(k, us)])), 2)])]);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        console.Write(table);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Medians of {repetitions} interleaved rounds; the ratio says how many times as fast {us.Name} is."));

        double Mean(Func<string, double> of) => Math.Exp(kernels.Average(k => Math.Log(of(k))));
    }

    private static string Number(double value, int digits) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    private static double Median(List<KernelRun> runs)
    {
        double[] sorted = [.. runs.Select(r => r.Seconds).Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
