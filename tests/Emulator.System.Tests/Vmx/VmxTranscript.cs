namespace Emulator.System.Tests.Vmx;

/// <summary>The output of a guest hypervisor, without what its machine says in between.</summary>
internal sealed class VmxTranscript
{
    private readonly Dictionary<string, IReadOnlyList<string>> scenarios = new(StringComparer.Ordinal);
    private readonly List<string> names = [];

    private VmxTranscript(string text) => Text = text;

    /// <summary>Names of the scenarios, in order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Everything the program printed.</summary>
    public string Text { get; }

    /// <summary>Lines of one seed each, by "seed kind changes".</summary>
    public Dictionary<string, string> Seeds { get; } = new(StringComparer.Ordinal);

    /// <summary>The program's last line, or null: it did not get there.</summary>
    public string? End { get; private init; }

    /// <summary>What a scenario printed; null if it was not reached.</summary>
    public IReadOnlyList<string>? Lines(string name) => scenarios.GetValueOrDefault(name);

    /// <summary>Reads output: <c>= NAME</c>, indented lines, in random mode lines that begin with a digit, <c>scenarios N</c>.</summary>
    public static VmxTranscript Parse(string text)
    {
        string[] lines = [.. text.Split('\n').Where(line => line.StartsWith("= ", StringComparison.Ordinal) || line.StartsWith("  ", StringComparison.Ordinal)
            || line.StartsWith("scenarios ", StringComparison.Ordinal) || (line.Length > 0 && char.IsAsciiDigit(line[0]) && line.Contains(" kind ", StringComparison.Ordinal)))];

        // Firmware and emulators print before the program, never in these forms behind its first line.
        var start = Array.FindIndex(lines, line => line is "= VMX" or "= SVM");
        lines = start < 0 ? [] : lines[start..];
        var transcript = new VmxTranscript(string.Concat(lines.Select(line => line + "\n")))
        {
            End = lines.LastOrDefault(line => line.StartsWith("scenarios ", StringComparison.Ordinal)),
        };
        List<string>? current = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                transcript.names.Add(line[2..]);
                transcript.scenarios.Add(line[2..], current = []);
            }
            else if (line[0] == ' ')
            {
                current?.Add(line.Trim());
            }
            else if (line.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon)
            {
                transcript.Seeds.Add(line[..colon], line[(colon + 2)..]);
            }
        }

        return transcript;
    }
}
