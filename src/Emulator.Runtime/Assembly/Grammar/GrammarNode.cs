namespace Emulator.Runtime.Assembly;

/// <summary>A word, a quoted string or a list of the assembler's grammar text.</summary>
/// <param name="Word">The word or string; null for a list.</param>
/// <param name="Items">Items of a list.</param>
/// <param name="Source">The text it was read from: equal sources mean equal things.</param>
internal sealed record GrammarNode(string? Word, IReadOnlyList<GrammarNode> Items, string Source)
{
    /// <summary>Reads lists, one after another.</summary>
    public static IEnumerable<GrammarNode> ReadAll(string text)
    {
        int at = 0;
        while (true)
        {
            Blanks(text, ref at);
            if (at >= text.Length) yield break;
            yield return Read(text, ref at);
        }
    }

    public GrammarNode this[int index] => Items[index];

    public int Count => Items.Count;

    /// <summary>First word of a list.</summary>
    public string Head => Items[0].Word!;

    /// <summary>The word; an exception for a list, since grammars are generated.</summary>
    public string Text => Word ?? throw new FormatException($"a word is needed, not {Source}");

    public int Number => int.Parse(Text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether it is the place holder for what is absent.</summary>
    public bool IsNone => Word == "-";

    private static GrammarNode Read(string text, ref int at)
    {
        int start = at;
        if (text[at] == '\'') return Quoted(text, ref at);
        if (text[at] != '(')
        {
            while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not ('(' or ')')) at++;
            string word = text[start..at];
            return new GrammarNode(word, [], word);
        }
        at++;
        var items = new List<GrammarNode>();
        while (true)
        {
            Blanks(text, ref at);
            if (text[at] == ')') break;
            items.Add(Read(text, ref at));
        }
        at++;
        return new GrammarNode(null, items, text[start..at]);
    }

    private static GrammarNode Quoted(string text, ref int at)
    {
        int start = at++;
        var value = new System.Text.StringBuilder();
        for (; text[at] != '\''; at++)
        {
            if (text[at] == '\\') at++;
            value.Append(text[at]);
        }
        at++;
        return new GrammarNode(value.ToString(), [], text[start..at]);
    }

    private static void Blanks(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }
}
