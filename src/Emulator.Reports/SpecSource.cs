namespace Emulator.Reports;

/// <summary>The text of spec files, for quoting from.</summary>
internal sealed class SpecSource(IEnumerable<(string Path, string Text)> files)
{
    private readonly Dictionary<string, string> texts = files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);

    /// <summary>A line without the space around it.</summary>
    public string Line(string file, int line)
    {
        string[] lines = texts.TryGetValue(file, out string? text) ? text.Split('\n') : [];
        return line >= 1 && line <= lines.Length ? lines[line - 1].Trim() : "";
    }

    /// <summary>The declaration whose first line holds a character: to its closing brace.</summary>
    public string Declaration(string file, int start)
    {
        if (!texts.TryGetValue(file, out string? text) || start >= text.Length) return "";
        int begin = text.LastIndexOf('\n', start) + 1;
        int depth = 0;
        for (int i = start; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return text[begin..(i + 1)].ReplaceLineEndings("\n");
        }
        return text[begin..].ReplaceLineEndings("\n");
    }
}
