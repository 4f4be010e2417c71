namespace Emulator.Runtime.Assembly;

/// <summary>Assembly text as a pattern over decode values.</summary>
internal abstract record TextPattern
{
    /// <param name="Text">What is written.</param>
    /// <param name="Optional">Whether it may be left out where one instruction is left that the rest can mean.</param>
    public sealed record Literal(string Text, bool Optional = false) : TextPattern;

    public sealed record Sequence(TextPattern[] Parts) : TextPattern;

    public sealed record Conditional(DecodeExpression Condition, TextPattern WhenTrue, TextPattern WhenFalse) : TextPattern;

    public sealed record Names(string[] Table, DecodeExpression Index) : TextPattern;

    public sealed record Number(DecodeExpression Value, NumberFormat Format) : TextPattern;

    /// <summary>The name of a register; candidates by reference code.</summary>
    public sealed record Register(DecodeVariable Variable, (int Code, string Name)[] Candidates) : TextPattern;

    public sealed record Operand(int Position) : TextPattern;

    /// <summary>Whether it writes nothing.</summary>
    public bool IsEmpty => this is Literal { Text: "" } || (this is Sequence s && s.Parts.All(p => p.IsEmpty));

    /// <summary>The expressions of a pattern; those of operands not included.</summary>
    public IEnumerable<DecodeExpression> Expressions() => this switch
    {
        Sequence s => s.Parts.SelectMany(p => p.Expressions()),
        Conditional c => c.WhenTrue.Expressions().Concat(c.WhenFalse.Expressions()).Prepend(c.Condition),
        Names n => [n.Index],
        Number n => [n.Value],
        Register r => [new DecodeExpression(Operator.Variable, r.Variable.Width) { Variable = r.Variable }],
        _ => [],
    };
}
