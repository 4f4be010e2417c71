using System.Globalization;
using Emulator.System.Tests.Guest;

namespace Emulator.System.Tests.Results;

/// <summary>What a machine printed, scenario by scenario.</summary>
internal sealed class Transcript
{
    private Transcript(IReadOnlyList<ScenarioResult> results, IReadOnlyList<string> strange)
    {
        Results = results;
        Strange = strange;
    }

    /// <summary>One for each scenario that started.</summary>
    public IReadOnlyList<ScenarioResult> Results { get; }

    /// <summary>Lines that are none of the monitor's.</summary>
    public IReadOnlyList<string> Strange { get; }

    /// <summary>Reads the debug console's text.</summary>
    public static Transcript Parse(string text, IReadOnlyList<Scenario> scenarios)
    {
        var results = new List<ScenarioResult>();
        var strange = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = Words(line);
            switch (line[0])
            {
                case 'S' when words.Length == 1 && words[0] == results.Count && words[0] < scenarios.Count:
                    results.Add(new ScenarioResult(scenarios[results.Count]));
                    break;
                case 'E' when words.Length == Variables.Words && results.Count > 0:
                    results[^1].Events.Add(new EventRecord(words));
                    break;
                case 'D' when words.Length > 0 && results.Count > 0 && results[^1].Dumps.Count < results[^1].Scenario.Dumps.Count:
                    results[^1].Dumps.Add(words);
                    break;
                default:
                    strange.Add(line);
                    break;
            }
        }

        return new Transcript(results, strange);
    }

    private static uint[] Words(string line)
    {
        var words = new List<uint>();
        foreach (var part in line.Split(' ').Skip(1))
        {
            if (!uint.TryParse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var word))
                return [];
            words.Add(word);
        }

        return [.. words];
    }
}
