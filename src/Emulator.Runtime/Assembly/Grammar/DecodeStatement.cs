namespace Emulator.Runtime.Assembly;

/// <summary>A statement of decode code.</summary>
internal abstract record DecodeStatement
{
    public sealed record Set(DecodeVariable Variable, DecodeExpression Value) : DecodeStatement;

    public sealed record If(DecodeExpression Condition, DecodeStatement[] Then, DecodeStatement[] Else) : DecodeStatement;

    public sealed record Reject : DecodeStatement;

    /// <summary>The variables a list of statements may set, those of nested statements included.</summary>
    public static IEnumerable<DecodeVariable> Sets(IEnumerable<DecodeStatement> statements) => statements.SelectMany(s => s switch
    {
        Set set => set.Variable.Parts.Prepend(set.Variable),
        If branch => Sets(branch.Then).Concat(Sets(branch.Else)),
        _ => [],
    });

    /// <summary>The expressions of a list of statements.</summary>
    public static IEnumerable<DecodeExpression> Expressions(IEnumerable<DecodeStatement> statements) => statements.SelectMany(s => s switch
    {
        Set set => [set.Value],
        If branch => Expressions(branch.Then).Concat(Expressions(branch.Else)).Prepend(branch.Condition),
        _ => Array.Empty<DecodeExpression>(),
    });
}
