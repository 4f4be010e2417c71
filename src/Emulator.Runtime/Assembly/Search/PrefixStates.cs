namespace Emulator.Runtime.Assembly;

/// <summary>What sequences of prefixes lead to in one mode: each state with the fewest bytes, fewest first.</summary>
internal sealed class PrefixStates
{
    private const int MostStates = 4096;

    private readonly AssemblyGrammar grammar;
    private readonly DecodeEnvironment environment;
    private readonly string mode;
    private readonly List<PrefixState> states = [];

    public PrefixStates(AssemblyGrammar grammar, ReadOnlySpan<ulong> modeValues)
    {
        this.grammar = grammar;
        environment = new DecodeEnvironment(grammar, 0);
        Initial = new UInt128[grammar.Variables.Length];
        foreach (DecodeVariable variable in grammar.Variables) Initial[variable.Index] = variable.Mode >= 0 ? modeValues[variable.Mode] : variable.Initial;
        mode = string.Join(' ', modeValues.ToArray());
        Explore();
    }

    /// <summary>Values of all variables before the first byte.</summary>
    public UInt128[] Initial { get; }

    /// <summary>States under a form's axis values, fewest bytes first.</summary>
    /// <param name="text">The form.</param>
    /// <param name="thorough">All of them; else one for each combination of what the form looks at.</param>
    public IReadOnlyList<PrefixState> Of(FormText text, bool thorough)
    {
        if (thorough) return [.. states.Where(s => Fits(text, s))];
        if (text.Prefixes.TryGetValue(mode, out PrefixState[]? known)) return known;
        int[] positions = [.. Enumerable.Range(0, grammar.PrefixVariables.Length).Where(i => text.Relevant(grammar).Contains(grammar.PrefixVariables[i]))];
        string Key(PrefixState s) => string.Join(' ', positions.Select(i => s.Values[i]));
        var seen = new HashSet<string>();
        IEnumerable<PrefixState> result = states.Where(s => Fits(text, s) && seen.Add(Key(s)));
        if (text.AsksLength(grammar)) result = result.SelectMany(s => Padded(s, text, Key)).OrderBy(s => s.Bytes.Length);
        text.Prefixes.Add(mode, known = [.. result]);
        return known;
    }

    /// <summary>A state, and the same with more bytes: where the length of the instruction matters, prefixes without effect do.</summary>
    private IEnumerable<PrefixState> Padded(PrefixState state, FormText text, Func<PrefixState, string> key)
    {
        yield return state;
        foreach ((byte prefix, DecodeStatement[] body) in grammar.Prefixes)
        {
            if (Apply(state, prefix, body) is not { } padded || key(padded) != key(state)) continue;
            while (padded.Bytes.Length + text.Form.MinLength < grammar.MaxLength)
            {
                yield return padded;
                padded = padded with { Bytes = [.. padded.Bytes, prefix] };
            }
            yield break;
        }
    }

    private PrefixState? Apply(PrefixState state, byte prefix, DecodeStatement[] body)
    {
        environment.Reset(Initial, grammar.PrefixVariables, state.Values);
        return environment.Run(body) ? new PrefixState([.. state.Bytes, prefix], [.. grammar.PrefixVariables.Select(v => environment[v].Value)]) : null;
    }

    private bool Fits(FormText text, PrefixState state)
    {
        foreach ((DecodeVariable Axis, UInt128 Value)[] axes in text.Axes)
        {
            bool fits = true;
            foreach ((DecodeVariable axis, UInt128 value) in axes)
            {
                // Fields of the opcode are axes that prefixes do not set.
                if (axis.Kind != "axis") continue;
                int position = Array.IndexOf(grammar.PrefixVariables, axis);
                fits &= (position >= 0 ? state.Values[position] : Initial[axis.Index]) == value;
            }
            if (fits) return true;
        }
        return text.Axes.Count == 0;
    }

    private void Explore()
    {
        UInt128[] start = [.. grammar.PrefixVariables.Select(v => Initial[v.Index])];
        var seen = new HashSet<string> { string.Join(' ', start) };
        states.Add(new PrefixState([], start));
        for (int i = 0; i < states.Count && states.Count < MostStates; i++)
        {
            if (states[i].Bytes.Length + 1 >= grammar.MaxLength) break;
            foreach ((byte prefix, DecodeStatement[] body) in grammar.Prefixes)
            {
                if (Apply(states[i], prefix, body) is { } next && seen.Add(string.Join(' ', next.Values))) states.Add(next);
            }
        }
    }
}
