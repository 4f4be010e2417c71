using System.Globalization;
using System.Text;

namespace Emulator.Conformance.Sweep;

/// <summary>A reviewed list of differences: lines of fields separated by semicolons, the last one a reason; a field of <c>*</c> stands for anything.</summary>
/// <remarks>Differences that no line explains are wrong, and so are lines that explain nothing.</remarks>
internal sealed class DifferenceList
{
    private const int Shown = 200;

    private readonly List<(string[] Fields, string Line)> _entries = [];
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, (int Count, string Example)> _unexplained = [];
    private readonly Dictionary<string, (string[] Fields, string Line)?> _known = [];

    /// <summary>Reads a list whose lines have <paramref name="fields"/> fields before the reason.</summary>
    /// <exception cref="InvalidDataException">A line has another number of fields, or no reason.</exception>
    public DifferenceList(string path, int fields)
    {
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] parts = line.Split(';', fields + 1, StringSplitOptions.TrimEntries);
            if (parts.Length != fields + 1 || parts[^1].Length == 0)
                throw new InvalidDataException($"{path}: not {fields} fields and a reason: {line}");
            _entries.Add((parts[..^1], line));
        }
    }

    /// <summary>Differences explained by a line, so far.</summary>
    public long Explained { get; private set; }

    /// <summary>Differences that no line explains, so far.</summary>
    public long Unexplained { get; private set; }

    /// <summary>Notes a difference.</summary>
    /// <param name="example">What it looks like; the first one of each kind is shown.</param>
    /// <param name="fields">Its coordinates, as many as the list has fields.</param>
    public void Add(string example, params string[] fields)
    {
        string key = string.Join(" ; ", fields);
        if (!_known.TryGetValue(key, out (string[] Fields, string Line)? entry))
        {
            int found = _entries.FindIndex(e => Matches(e.Fields, fields));
            _known[key] = entry = found < 0 ? null : _entries[found];
        }

        if (entry is { } explained)
        {
            Explained++;
            _used.Add(explained.Line);
            return;
        }

        Unexplained++;
        (int count, string first) = _unexplained.GetValueOrDefault(key, (0, example));
        _unexplained[key] = (count + 1, first);
    }

    /// <summary>What is wrong: unexplained differences and stale lines; empty when nothing is.</summary>
    public string Problems()
    {
        var text = new StringBuilder();
        if (_unexplained.Count > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"{Unexplained} differences of {_unexplained.Count} kinds that the list does not explain:");
        foreach (IGrouping<string, KeyValuePair<string, (int Count, string Example)>> group in _unexplained.GroupBy(u => string.Join(';', u.Key.Split(';').Take(2))).Take(Shown))
        {
            (string key, (_, string example)) = group.First();
            text.AppendLine(CultureInfo.InvariantCulture, $"  {group.Key}: {group.Sum(u => u.Value.Count)}, for example {key} ; {example}");
        }

        foreach ((_, string line) in _entries.Where(e => !_used.Contains(e.Line)))
            text.AppendLine($"stale, explains nothing: {line}");
        return text.ToString();
    }

    private static bool Matches(string[] pattern, string[] fields)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != "*" && !pattern[i].Split('|').Contains(fields[i], StringComparer.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}
