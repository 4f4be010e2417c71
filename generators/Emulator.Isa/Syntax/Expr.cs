using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>An expression as written; also used for places (what an assignment writes).</summary>
public abstract record Expr(SourceSpan Span)
{
    public sealed record Number(SourceSpan Span, BigInteger Value) : Expr(Span);

    public sealed record Text(SourceSpan Span, string Value) : Expr(Span);

    /// <summary>A name with optional width arguments: <c>x</c>, <c>push&lt;16&gt;</c>, <c>none</c>, <c>true</c>.</summary>
    public sealed record Name(SourceSpan Span, string Id, ImmutableArray<Expr> Widths) : Expr(Span);

    /// <summary><c>a.b</c>; with width arguments <c>GPR.view&lt;8&gt;</c>.</summary>
    public sealed record Member(SourceSpan Span, Expr Target, string Id, ImmutableArray<Expr> Widths) : Expr(Span);

    /// <summary><c>a[i]</c>, <c>mem&lt;w&gt;[seg, ea]</c>.</summary>
    public sealed record Index(SourceSpan Span, Expr Target, ImmutableArray<Expr> Arguments) : Expr(Span);

    /// <summary><c>f(a, b)</c>; the target is a name, possibly with width arguments.</summary>
    public sealed record Call(SourceSpan Span, Name Function, ImmutableArray<Expr> Arguments) : Expr(Span);

    /// <summary><c>x.[hi:lo]</c>; <c>x.[i]</c> has no low bound.</summary>
    public sealed record Slice(SourceSpan Span, Expr Target, Expr High, Expr? Low) : Expr(Span);

    /// <summary><c>EFLAGS.{CF PF}</c>: several fields at their own positions.</summary>
    public sealed record Fields(SourceSpan Span, Expr Target, ImmutableArray<string> Names) : Expr(Span);

    /// <summary><c>- ~ !</c></summary>
    public sealed record Unary(SourceSpan Span, TokenKind Operator, Expr Operand) : Expr(Span);

    /// <summary>Binary operators, including <c>::</c> (concatenation).</summary>
    public sealed record Binary(SourceSpan Span, TokenKind Operator, Expr Left, Expr Right) : Expr(Span);

    public sealed record Conditional(SourceSpan Span, Expr Condition, Expr WhenTrue, Expr WhenFalse) : Expr(Span);

    /// <summary><c>x as s32</c></summary>
    public sealed record Cast(SourceSpan Span, Expr Operand, TypeSyntax Type) : Expr(Span);

    /// <summary><c>x in {1, 3}</c></summary>
    public sealed record In(SourceSpan Span, Expr Operand, ImmutableArray<Expr> Values) : Expr(Span);

    /// <summary><c>match e { 0, 1 =&gt; a; _ =&gt; b }</c></summary>
    public sealed record Match(SourceSpan Span, Expr Operand, ImmutableArray<MatchArm> Arms) : Expr(Span);

    /// <summary><c>(a, b)</c>: a tuple, in <c>return</c> and on the left of an assignment.</summary>
    public sealed record Tuple(SourceSpan Span, ImmutableArray<Expr> Items) : Expr(Span);

    /// <summary>Stands where an expression was expected; already reported.</summary>
    public sealed record Missing(SourceSpan Span) : Expr(Span);

    /// <summary>An arm of a match expression; no values means <c>_</c>.</summary>
    public sealed record MatchArm(SourceSpan Span, ImmutableArray<Expr> Values, Expr Result);
}
