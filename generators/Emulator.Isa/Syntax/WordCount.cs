namespace Emulator.Isa.Syntax;

/// <summary>Counts names in a text, for the search for unused definitions.</summary>
internal static class WordCount
{
    public static Dictionary<string, int> Of(List<Token> tokens)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Identifier) Add(token.Text, counts);
            else if (token.Kind == TokenKind.String) AddNames(token.Text, counts);
        }
        return counts;
    }

    private static void AddNames(string text, Dictionary<string, int> counts)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool inName = i < text.Length && (text[i] == '_' || char.IsLetterOrDigit(text[i]));
            if (inName && start < 0) start = i;
            if (inName || start < 0) continue;
            Add(text.Substring(start, i - start), counts);
            start = -1;
        }
    }

    private static void Add(string name, Dictionary<string, int> counts) => counts[name] = counts.TryGetValue(name, out int count) ? count + 1 : 1;
}
