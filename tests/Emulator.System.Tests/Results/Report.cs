using System.Text;

namespace Emulator.System.Tests.Results;

/// <summary>A transcript as text to read and to compare: a paragraph for each scenario, a line for each table row.</summary>
internal static class Report
{
    public static string Write(Transcript transcript)
    {
        var text = new StringBuilder();
        var rows = transcript.Results.Where(result => result.Scenario.Row is not null).ToLookup(result => result.Scenario.Row!);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var result in transcript.Results)
        {
            if (result.Scenario.Row is { } row)
            {
                if (done.Add(row))
                    text.Append(row).Append(":\n    ").AppendJoin(' ', rows[row].Select(cell => $"{cell.Scenario.Name[(row.Length + 1)..]}={cell.Cell()}")).Append('\n');
                continue;
            }

            text.Append(result.Scenario.Name).Append('\n');
            foreach (var line in result.Lines())
                text.Append("    ").Append(line).Append('\n');
        }

        foreach (var line in transcript.Strange)
            text.Append("?? ").Append(line).Append('\n');
        return text.ToString();
    }
}
