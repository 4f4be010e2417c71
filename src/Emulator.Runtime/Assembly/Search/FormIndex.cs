using System.Text;

namespace Emulator.Runtime.Assembly;

/// <summary>Forms by the words their texts can begin with, and what to say when none fits.</summary>
internal sealed class FormIndex
{
    private const int MostShapes = 12;

    private readonly Dictionary<string, List<FormText>> byFirstWord = [];
    private readonly List<FormText> anyFirstWord = [];
    private readonly SortedDictionary<string, List<FormText>> byMnemonic = new(StringComparer.Ordinal);
    private readonly HashSet<string> leading = [];

    public FormIndex(AssemblyGrammar grammar, bool aliases)
    {
        Grammar = grammar;
        FormText[] texts = [.. grammar.Texts.Where(t => aliases || t.Alias == 0)];
        var fewest = texts.GroupBy(t => (t.Form.Index, t.Alias)).ToDictionary(g => g.Key, g => g.Min(t => Quiet(t, t.Text).Split(' ').Length));
        foreach (FormText form in texts)
        {
            var words = new HashSet<string>();
            if (FirstWords(form.Text, [""], words)) anyFirstWord.Add(form);
            foreach (string word in words) Add(byFirstWord, word, form);
            // Words that axes add in front, such as a repeat prefix, are no mnemonics.
            string[] quiet = Quiet(form, form.Text).Split(' ');
            string mnemonic = FirstWord(quiet[quiet.Length - fewest[(form.Form.Index, form.Alias)]]);
            leading.UnionWith(words.Where(w => w != mnemonic));
            if (!byMnemonic.TryGetValue(mnemonic, out List<FormText>? forms)) byMnemonic.Add(mnemonic, forms = []);
            forms.Add(form);
        }
        leading.ExceptWith(byMnemonic.Keys);
    }

    public AssemblyGrammar Grammar { get; }

    /// <summary>Forms whose text can begin as a normalised input does, in the order of the spec.</summary>
    public IEnumerable<FormText> Candidates(string input)
    {
        IEnumerable<FormText> known = byFirstWord.TryGetValue(FirstWord(input), out List<FormText>? forms) ? forms : [];
        return anyFirstWord.Count == 0 ? known : known.Concat(anyFirstWord).Distinct().OrderBy(f => f.Form.Index);
    }

    /// <summary>The distinct texts of a mnemonic's forms, with operands as shapes.</summary>
    public IReadOnlyList<string> Shapes(string mnemonic) => byMnemonic.TryGetValue(mnemonic, out List<FormText>? forms)
        ? [.. forms.Select(f => Quiet(f, f.Text).Trim()).Distinct()]
        : [];

    /// <summary>Why an input cannot be assembled.</summary>
    /// <param name="input">Normalised text.</param>
    /// <param name="matched">Whether it could be read as the text of some form.</param>
    /// <param name="range">A number that did not fit.</param>
    /// <param name="exhausted">Whether the search was given up.</param>
    public string Explain(string input, bool matched, NumberRange? range, bool exhausted)
    {
        string mnemonic = InputText.Words(input).FirstOrDefault(w => !leading.Contains(w)) ?? FirstWord(input);
        if (range is not null) return range.ToString();
        if (exhausted) return $"no encoding of '{mnemonic}' with these operands was found within the limits of the search";
        if (matched) return $"'{mnemonic}' has no encoding with this combination of operands in this mode";
        IReadOnlyList<string> shapes = Shapes(mnemonic);
        if (shapes.Count == 0) return $"there is no instruction '{mnemonic}'{DidYouMean(mnemonic)}";
        var text = new StringBuilder($"these operands fit no form of '{mnemonic}'; its forms are:");
        foreach (string shape in shapes.Take(MostShapes)) text.Append("\n  ").Append(shape);
        if (shapes.Count > MostShapes) text.Append($"\n  and {shapes.Count - MostShapes} more");
        return text.ToString();
    }

    private static void Add(Dictionary<string, List<FormText>> index, string word, FormText form)
    {
        if (!index.TryGetValue(word, out List<FormText>? forms)) index.Add(word, forms = []);
        forms.Add(form);
    }

    private static string FirstWord(string text)
    {
        int end = 0;
        while (end < text.Length && InputText.IsWord(text[end])) end++;
        return text[..end];
    }

    /// <summary>Extends beginnings by what a pattern can write; complete first words go to <paramref name="words"/>.</summary>
    /// <returns>Whether some text's first word depends on operands, so that it can be any.</returns>
    private static bool FirstWords(TextPattern pattern, HashSet<string> begun, HashSet<string> words)
    {
        var rest = new HashSet<string>(begun);
        bool any = Extend(pattern, ref rest, words);
        words.UnionWith(rest);
        return any;
    }

    private static bool Extend(TextPattern pattern, ref HashSet<string> begun, HashSet<string> words)
    {
        switch (pattern)
        {
            case TextPattern.Literal l:
                begun = Append(begun, l.Text, words);
                return false;
            case TextPattern.Names n:
                var all = new HashSet<string>();
                foreach (string name in n.Table.Distinct()) all.UnionWith(Append(begun, name, words));
                begun = all;
                return false;
            case TextPattern.Sequence s:
                bool any = false;
                foreach (TextPattern part in s.Parts)
                {
                    if (begun.Count == 0) break;
                    any |= Extend(part, ref begun, words);
                }
                return any;
            case TextPattern.Conditional c:
                HashSet<string> whenTrue = [.. begun], whenFalse = [.. begun];
                bool either = Extend(c.WhenTrue, ref whenTrue, words) | Extend(c.WhenFalse, ref whenFalse, words);
                whenTrue.UnionWith(whenFalse);
                begun = whenTrue;
                return either;
            default:
                bool open = begun.Count > 0;
                begun = [];
                return open;
        }
    }

    private static HashSet<string> Append(HashSet<string> begun, string text, HashSet<string> words)
    {
        int end = 0;
        while (end < text.Length && InputText.IsWord(text[end])) end++;
        var result = new HashSet<string>();
        foreach (string beginning in begun)
        {
            string extended = beginning + text[..end];
            if (end == text.Length) result.Add(extended);
            else if (extended.Length > 0) words.Add(extended);
        }
        return result;
    }

    /// <summary>The text without parts that may be left out, with operands as shapes.</summary>
    private static string Quiet(FormText form, TextPattern pattern) => pattern switch
    {
        TextPattern.Literal l => l.Text,
        TextPattern.Sequence s => string.Concat(s.Parts.Select(p => Quiet(form, p))),
        TextPattern.Conditional c when c.WhenTrue.IsEmpty || c.WhenFalse.IsEmpty => "",
        TextPattern.Conditional c => Quiet(form, c.WhenFalse),
        TextPattern.Names n => n.Table.Any(x => x.Length == 0) ? "" : n.Table[0],
        TextPattern.Number n => $"number{n.Value.Width}",
        TextPattern.Register r => $"reg{r.Variable.Width}",
        TextPattern.Operand o when o.Position < form.Operands.Length => form.Operands[o.Position].Shape,
        _ => "",
    };

    private string DidYouMean(string word)
    {
        string? best = null;
        int distance = 3;
        foreach (string known in byMnemonic.Keys)
        {
            int d = Distance(word, known);
            if (d >= distance || d >= known.Length) continue;
            (best, distance) = (known, d);
        }
        return best is null ? "" : $"; did you mean '{best}'?";
    }

    /// <summary>Insertions, deletions, replacements and exchanges of neighbours from one word to another.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
