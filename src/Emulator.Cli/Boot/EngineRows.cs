using System.Globalization;
using Emulator.Runtime;

namespace Emulator.Cli.Boot;

/// <summary>The rows of `--stats` that every processor has.</summary>
internal static class EngineRows
{
    /// <summary>Rows of one processor.</summary>
    /// <param name="engine">Counters of its engine.</param>
    /// <param name="misses">Translations not found in the TLB.</param>
    /// <param name="traps">Traps delivered, by index.</param>
    /// <param name="metadata">Names of the traps.</param>
    public static List<(string Name, string Value)> Of(EngineStatistics engine, long misses, ReadOnlySpan<long> traps, IsaMetadata metadata)
    {
        var rows = new List<(string, string)>
        {
            ("blocks built", Number(engine.BlocksBuilt)),
            ("instructions in them", Number(engine.OperationsDecoded)),
            ("blocks entered", Number(engine.Dispatches)),
            ("single steps", Number(engine.SingleSteps)),
            ("blocks dropped", Number(engine.BlocksDropped)),
            ("translations missed", Number(misses)),
        };
        for (var i = 0; i < traps.Length; i++)
        {
            if (traps[i] > 0)
            {
                rows.Add(($"trap {metadata.Traps[i].Name}", Number(traps[i])));
            }
        }

        return rows;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
