namespace Emulator.Runtime.Assembly;

/// <summary>The text of a form under the axis values that give it this text and these operands.</summary>
internal sealed class FormText(FormPattern form, TextPattern text, OperandPattern[] operands)
{
    private HashSet<DecodeVariable>? relevant;
    private bool asksLength;

    public FormPattern Form { get; } = form;

    public TextPattern Text { get; } = text;

    public OperandPattern[] Operands { get; } = operands;

    /// <summary>Which alias of the form it is, from 1; 0 for the form's own text.</summary>
    public int Alias { get; init; }

    /// <summary>What must hold where an alias stands for the instruction: the parts of a conjunction each, since they are solved one by one.</summary>
    public IReadOnlyList<DecodeExpression> Conditions { get; init; } = [];

    /// <summary>The parts of a conjunction.</summary>
    public static IEnumerable<DecodeExpression> Conjuncts(DecodeExpression condition) => condition switch
    {
        { Op: Operator.And, Width: 1, Children: [var left, var right] } => Conjuncts(left).Concat(Conjuncts(right)),
        { Op: Operator.Select, Width: 1, Children: [var first, var second, { Op: Operator.Const, Value: var no }] } when no == 0 => Conjuncts(first).Concat(Conjuncts(second)),
        _ => [condition],
    };

    /// <summary>Combinations of axis values, each a list of axis and value.</summary>
    public List<(DecodeVariable Axis, UInt128 Value)[]> Axes { get; } = [];

    /// <summary>Prefix states worth trying, by mode; filled when first needed.</summary>
    public Dictionary<string, PrefixState[]> Prefixes { get; } = [];

    /// <summary>The decode values that text, operands and conditions of the form look at.</summary>
    public HashSet<DecodeVariable> Relevant(AssemblyGrammar grammar)
    {
        if (relevant is not null) return relevant;
        var expressions = new List<DecodeExpression>(Text.Expressions().Concat(grammar.Rejects));
        expressions.AddRange(Conditions);
        if (Form.When is { } when) expressions.Add(when);
        foreach (AlternativePattern a in Operands.SelectMany(o => o.Alternatives))
        {
            expressions.AddRange(a.Text.Expressions());
            if (a.When is not null) expressions.Add(a.When);
            if (a.Value is not null) expressions.Add(a.Value);
            if (a.After is not null) expressions.AddRange(DecodeStatement.Expressions(a.After));
        }
        asksLength = expressions.Any(e => e.AsksLength);
        return relevant = [.. expressions.SelectMany(e => e.Variables).Concat(Axes.SelectMany(a => a).Select(a => a.Axis))];
    }

    /// <summary>Whether what is written depends on the length of the instruction.</summary>
    public bool AsksLength(AssemblyGrammar grammar)
    {
        Relevant(grammar);
        return asksLength;
    }
}
