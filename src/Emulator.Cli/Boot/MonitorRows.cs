using System.Globalization;
using Emulator.Hypervisor;
using Emulator.Runtime;

namespace Emulator.Cli.Boot;

/// <summary>The rows of `--stats` about a monitor: what exited, how often, and from where most.</summary>
internal static class MonitorRows
{
    private const int MostForms = 12;

    /// <summary>Rows of every processor's monitor.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Monitors? monitors)
    {
        foreach (var monitor in monitors?.All ?? [])
        {
            var statistics = monitor.Statistics;
            yield return ("run directly", Number(statistics.Direct));
            yield return ("interpreted", Number(statistics.Interpreted));
            yield return ("exits", Number(statistics.Exits));
            yield return ("exits per 1000", statistics.ExitsPerThousand.ToString("F2", CultureInfo.InvariantCulture));
            foreach (var kind in Enum.GetValues<VmExitKind>())
            {
                yield return ($"exits: {kind.ToString().ToLowerInvariant()}", Number(statistics.Kinds[(int)kind]));
            }

            foreach (var (reason, count) in statistics.Reasons)
            {
                yield return ($"exit reason {reason}", Number(count));
            }

            if (statistics.Shadows is { } shadows)
            {
                yield return ("shadow pages", $"{Number(shadows.Pages)}, {Number(shadows.Roots)} of them roots");
                yield return ("shadow faults", Number(shadows.Faults));
                yield return ("shadow fills", Number(shadows.Fills));
                yield return ("shadow switches", Number(shadows.Switches));
                yield return ("table writes", Number(shadows.TableWrites));
                yield return ("shadow evictions", Number(shadows.Evictions));
                yield return ("tables let go", Number(shadows.Releases));
                yield return ("shadows dropped", Number(shadows.Drops));
            }

            foreach (var (form, count) in statistics.ByForm(monitor.Isa).Take(MostForms))
            {
                var site = statistics.Sites.First(s => monitor.Isa.FormOf(s.Variant) == form);
                yield return ($"exit {form.Mnemonic} ({form.Encoding}), most at {site.Pc:x}", Number(count));
            }
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
