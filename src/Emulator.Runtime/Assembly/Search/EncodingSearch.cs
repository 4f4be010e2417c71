namespace Emulator.Runtime.Assembly;

/// <summary>
/// Finds the bytes a matched text stands for, by decoding with the bytes still open: prefixes and fields that decoding depends on are enumerated, immediates and displacements
/// stay terms until what the text says of them is solved. Choices are made by number, and a path is repeated for each: nothing has to be undone.
/// </summary>
internal sealed class EncodingSearch
{
    /// <summary>Paths after which a search is given up.</summary>
    private const int MostPaths = 400_000;

    private readonly AssemblyGrammar grammar;
    private readonly PrefixStates prefixes;
    private readonly IDisassemblyCheck check;
    private readonly DecodePath path;
    private int paths;

    public EncodingSearch(AssemblyGrammar grammar, PrefixStates prefixes, UInt128 pc, IDisassemblyCheck check)
    {
        this.grammar = grammar;
        this.prefixes = prefixes;
        this.check = check;
        path = new DecodePath(grammar, pc);
    }

    /// <summary>The shortest encoding found so far.</summary>
    public byte[]? Best { get; private set; }

    /// <summary>A number that no encoding of the form can hold, where everything else was right.</summary>
    public NumberRange? OutOfRange => path.OutOfRange;

    /// <summary>Whether the search was given up.</summary>
    public bool Exhausted => paths >= MostPaths;

    /// <summary>Looks for a shorter encoding of a text read as one of a form, among those with as few prefixes as will do.</summary>
    public void Run(FormText text, TextMatch match)
    {
        var plan = new SearchPlan(grammar, text, match);
        if (plan.IsImpossible) return;
        int found = int.MaxValue;
        foreach (PrefixState state in prefixes.Of(text))
        {
            if (state.Bytes.Length > found || Exhausted) return;
            if (Best is not null && state.Bytes.Length + text.Form.MinLength >= Best.Length) return;
            if (Run(plan, state)) found = state.Bytes.Length;
        }
    }

    private bool Run(SearchPlan plan, PrefixState state)
    {
        bool found = false;
        path.Begin(plan, state, prefixes.Initial);
        do
        {
            paths++;
            int shorterThan = Best?.Length ?? grammar.MaxLength + 1;
            if (path.Walk(shorterThan) && Verify(plan.Match)) found = true;
        }
        while (path.Next() && !Exhausted);
        return found;
    }

    private bool Verify(TextMatch match)
    {
        byte[] bytes = path.Encoding();
        if (check.Disassemble(bytes, out string text) != bytes.Length) return false;
        if (!string.Equals(text, match.Canonical, StringComparison.OrdinalIgnoreCase)) return false;
        Best = bytes;
        return true;
    }
}
