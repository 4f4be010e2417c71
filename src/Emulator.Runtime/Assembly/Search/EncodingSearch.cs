namespace Emulator.Runtime.Assembly;

/// <summary>
/// Finds the bytes a matched text stands for, by decoding with the bytes still open: prefixes and the field after the opcode are enumerated, what follows stays terms over unknown
/// bits until what the text says of it is solved; a condition over them is tried both ways. Choices are made by number, and a path is repeated for each: nothing has to be undone.
/// </summary>
internal sealed class EncodingSearch
{
    /// <summary>Paths after which a search is given up.</summary>
    private const int MostPaths = 100_000;

    private readonly AssemblyGrammar grammar;
    private readonly PrefixStates prefixes;
    private readonly IDisassemblyCheck check;
    private readonly DecodePath path;
    private int paths;
    private int prefixesOfBest;

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

    /// <summary>Encodings that turned out to mean something else, another form of the spec for instance.</summary>
    public int Refused { get; private set; }

    /// <summary>Tries encodings that differ only in what the form does not look at, too.</summary>
    public bool Thorough { get; set; }

    /// <summary>Whether the search was given up.</summary>
    public bool Exhausted => paths >= MostPaths;

    /// <summary>Looks for a shorter encoding of a text read as one of a form.</summary>
    public void Run(FormText text, TextMatch match)
    {
        var plan = new SearchPlan(grammar, text, match);
        if (plan.IsImpossible) return;
        foreach (PrefixState state in prefixes.Of(text, Thorough))
        {
            int limit = Limit(state);
            if (Exhausted || state.Bytes.Length + text.Form.MinLength >= limit) return;
            Run(plan, state);
        }
    }

    private void Run(SearchPlan plan, PrefixState state)
    {
        path.Begin(plan, state, prefixes.Initial, Thorough);
        do
        {
            paths++;
            if (path.Walk(Limit(state)) && Verify(plan)) prefixesOfBest = state.Bytes.Length;
        }
        while (path.Next() && !Exhausted);
    }

    /// <summary>Length from which on an encoding is of no use: of equal ones that with fewer prefixes is better.</summary>
    private int Limit(PrefixState state) => Best is null ? grammar.MaxLength + 1 : state.Bytes.Length < prefixesOfBest ? Best.Length + 1 : Best.Length;

    private bool Verify(SearchPlan plan)
    {
        byte[] bytes = path.Encoding();
        if (check.Disassemble(bytes, plan.Text.Alias, out string text) != bytes.Length || !string.Equals(text, plan.Match.Canonical, StringComparison.OrdinalIgnoreCase))
        {
            Refused++;
            return false;
        }
        Best = bytes;
        return true;
    }
}
