namespace Emulator.Runtime.Assembly;

/// <summary>
/// Assembles single instructions of an ISA from the grammar generated for it: reads the text as one of each form that can be written so, searches for bytes that
/// decode to it, and makes sure by disassembling them. It knows nothing of any ISA.
/// </summary>
/// <param name="grammar">The generated grammar; read when first needed.</param>
public sealed class Assembler(string grammar)
{
    private readonly Lazy<(FormIndex Plain, FormIndex WithAliases)> indices = new(() =>
    {
        AssemblyGrammar read = AssemblyGrammar.Read(grammar);
        var plain = new FormIndex(read, aliases: false);
        return (plain, read.Texts.Any(t => t.Alias > 0) ? new FormIndex(read, aliases: true) : plain);
    });
    private readonly Dictionary<string, PrefixStates> modes = [];

    /// <summary>Assembles one instruction: the shortest encoding; of equals that with the fewest prefixes, then that of the form that stands first in the spec.</summary>
    /// <param name="mode">Initial values of the decode axes that depend on state, in the order of the grammar.</param>
    /// <param name="pc">Address of the instruction.</param>
    /// <param name="text">The instruction.</param>
    /// <param name="check">Disassembles at the same address and in the same mode.</param>
    /// <param name="bytes">Receives the encoding.</param>
    /// <param name="length">Bytes of the encoding; 0 when there is none.</param>
    /// <param name="error">What is wrong; empty when nothing is.</param>
    /// <param name="aliases">Whether the text may be an alias of an instruction.</param>
    public bool TryAssemble(ReadOnlySpan<ulong> mode, ulong pc, string text, IDisassemblyCheck check, Span<byte> bytes, out int length, out string error, bool aliases = false)
    {
        length = 0;
        string input = InputText.Normalize(text);
        FormIndex forms = aliases ? indices.Value.WithAliases : indices.Value.Plain;
        if (input.Length == 0)
        {
            error = "there is no instruction";
            return false;
        }
        // The index keeps what it has worked out per mode.
        lock (forms.Grammar)
        {
            byte[]? best = Search(forms, mode, pc, input, check, out error);
            if (best is null) return false;
            if (best.Length > bytes.Length)
            {
                error = $"the encoding has {best.Length} bytes, more than there is room for";
                return false;
            }
            best.CopyTo(bytes);
            length = best.Length;
            return true;
        }
    }

    /// <summary>The ways the instructions of a mnemonic are written, operands as shapes such as <c>reg32/mem32</c>; empty for an unknown one.</summary>
    public IReadOnlyList<string> Shapes(string mnemonic) => indices.Value.Plain.Shapes(InputText.Normalize(mnemonic));

    private byte[]? Search(FormIndex forms, ReadOnlySpan<ulong> mode, ulong pc, string input, IDisassemblyCheck check, out string error)
    {
        string key = string.Join(' ', mode.ToArray());
        if (!modes.TryGetValue(key, out PrefixStates? prefixes)) modes.Add(key, prefixes = new PrefixStates(forms.Grammar, mode));
        var search = new EncodingSearch(forms.Grammar, prefixes, pc, check);
        var matcher = new TextMatcher(input);
        (FormText Form, TextMatch Match)[] matches = [.. forms.Candidates(input).SelectMany(form => matcher.Match(form).ToArray().Select(match => (form, match)))];
        foreach ((FormText form, TextMatch match) in matches) search.Run(form, match);
        if (search is { Best: null, Refused: > 0 })
        {
            search.Thorough = true;
            foreach ((FormText form, TextMatch match) in matches) search.Run(form, match);
        }
        if (search.Best is null && Omitting(forms, prefixes, pc, input, check, out error) is { } found) return found.Length == 0 ? null : found;
        error = search.Best is not null ? "" : forms.Explain(input, matches.Length > 0, search.OutOfRange ?? matcher.OutOfRange, search.Exhausted);
        return search.Best;
    }

    /// <summary>Reads the input as one in which words are missing that may be. Null when it is none; nothing, and an error, when it can mean several instructions.</summary>
    private static byte[]? Omitting(FormIndex forms, PrefixStates prefixes, ulong pc, string input, IDisassemblyCheck check, out string error)
    {
        var matcher = new TextMatcher(input, mayOmit: true);
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        error = "";
        foreach (IGrouping<string, (FormText Form, TextMatch Match)> text in forms.Candidates(input).SelectMany(form => matcher.Match(form).ToArray().Select(match => (form, match))).GroupBy(m => m.match.Canonical))
        {
            var search = new EncodingSearch(forms.Grammar, prefixes, pc, check);
            foreach ((FormText form, TextMatch match) in text) search.Run(form, match);
            if (search.Best is { } best) found.Add(text.Key, best);
        }

        if (found.Count == 0) return null;
        if (found.Count == 1) return found.Values.First();
        error = $"it can mean several instructions; say which: {string.Join(", ", found.Keys.Select(t => $"'{t}'"))}";
        return [];
    }
}
