namespace Emulator.Runtime.Assembly;

/// <summary>What sequences of prefixes lead to in one mode: each state with the fewest bytes, fewest first.</summary>
internal sealed class PrefixStates
{
    private const int MostStates = 4096;

    private readonly AssemblyGrammar grammar;
    private readonly string mode;
    private readonly List<PrefixState> states = [];

    public PrefixStates(AssemblyGrammar grammar, ReadOnlySpan<ulong> modeValues)
    {
        this.grammar = grammar;
        Initial = new UInt128[grammar.Variables.Length];
        foreach (DecodeVariable variable in grammar.Variables) Initial[variable.Index] = variable.Mode >= 0 ? modeValues[variable.Mode] : variable.Initial;
        mode = string.Join(' ', modeValues.ToArray());
        Explore();
    }

    /// <summary>Values of all variables before the first byte.</summary>
    public UInt128[] Initial { get; }

    /// <summary>States that differ in something a form looks at, under its axis values; fewest bytes first.</summary>
    public PrefixState[] Of(FormText text)
    {
        if (text.Prefixes.TryGetValue(mode, out PrefixState[]? known)) return known;
        var relevant = new HashSet<DecodeVariable>(Relevant(text));
        int[] positions = [.. Enumerable.Range(0, grammar.PrefixVariables.Length).Where(i => relevant.Contains(grammar.PrefixVariables[i]))];
        var seen = new HashSet<string>();
        var result = states.Where(s => Fits(text, s) && seen.Add(string.Join(' ', positions.Select(i => s.Values[i])))).ToArray();
        text.Prefixes.Add(mode, result);
        return result;
    }

    private IEnumerable<DecodeVariable> Relevant(FormText text)
    {
        var expressions = new List<DecodeExpression>(text.Text.Expressions().Concat(grammar.Rejects));
        if (text.Form.When is { } when) expressions.Add(when);
        foreach (AlternativePattern a in text.Operands.SelectMany(o => o.Alternatives))
        {
            expressions.AddRange(a.Text.Expressions());
            if (a.When is not null) expressions.Add(a.When);
            if (a.Value is not null) expressions.Add(a.Value);
            if (a.After is not null) expressions.AddRange(DecodeStatement.Expressions(a.After));
        }
        return expressions.SelectMany(e => e.Variables).Concat(text.Axes.SelectMany(a => a).Select(a => a.Axis));
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
        var environment = new DecodeEnvironment(grammar, 0);
        UInt128[] start = [.. grammar.PrefixVariables.Select(v => Initial[v.Index])];
        var seen = new HashSet<string> { string.Join(' ', start) };
        states.Add(new PrefixState([], start));
        for (int i = 0; i < states.Count && states.Count < MostStates; i++)
        {
            if (states[i].Bytes.Length + 1 >= grammar.MaxLength) break;
            foreach ((byte prefix, DecodeStatement[] body) in grammar.Prefixes)
            {
                environment.Reset(Initial, grammar.PrefixVariables, states[i].Values);
                if (!environment.Run(body)) continue;
                UInt128[] values = [.. grammar.PrefixVariables.Select(v => environment[v].Value)];
                if (seen.Add(string.Join(' ', values))) states.Add(new PrefixState([.. states[i].Bytes, prefix], values));
            }
        }
    }
}
