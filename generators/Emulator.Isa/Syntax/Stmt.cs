using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A statement as written.</summary>
public abstract record Stmt(SourceSpan Span)
{
    public sealed record Block(SourceSpan Span, ImmutableArray<Stmt> Statements) : Stmt(Span);

    /// <summary><c>let x = e;</c> <c>var x: T = e;</c> <c>let (a, b) = f();</c> (several names).</summary>
    public sealed record Let(SourceSpan Span, bool Mutable, ImmutableArray<string> Names, TypeSyntax? Type, Expr Value) : Stmt(Span);

    /// <summary><c>place = e;</c>, with a compound operator (<see cref="TokenKind.Plus"/> for <c>+=</c>), or with <c>when c else ignore</c>.</summary>
    public sealed record Assign(SourceSpan Span, Expr Place, TokenKind? Operator, Expr Value, Expr? When) : Stmt(Span);

    public sealed record If(SourceSpan Span, Expr Condition, Block Then, Stmt? Else) : Stmt(Span);

    public sealed record Match(SourceSpan Span, Expr Operand, ImmutableArray<MatchArm> Arms) : Stmt(Span);

    public sealed record While(SourceSpan Span, Expr Condition, Block Body) : Stmt(Span);

    /// <summary><c>for i in a..b { }</c>, inclusive.</summary>
    public sealed record For(SourceSpan Span, string Variable, Expr From, Expr To, Block Body) : Stmt(Span);

    public sealed record Raise(SourceSpan Span, string Trap, ImmutableArray<Expr> Arguments) : Stmt(Span);

    public sealed record Require(SourceSpan Span, Expr Condition, Raise Else) : Stmt(Span)
    {
        /// <summary>Condition and trap as written, for reports.</summary>
        public string Text { get; init; } = "";
    }

    public sealed record Return(SourceSpan Span, Expr? Value) : Stmt(Span);

    public sealed record Flush(SourceSpan Span, string Memory, Expr? At) : Stmt(Span);

    public sealed record Commit(SourceSpan Span) : Stmt(Span);

    /// <summary><c>fetch sib;</c> in a decode procedure.</summary>
    public sealed record Fetch(SourceSpan Span, string Field) : Stmt(Span);

    /// <summary>A call for its effects.</summary>
    public sealed record Call(SourceSpan Span, Expr.Call Expression) : Stmt(Span);

    /// <summary>An arm of a match statement; no values means <c>_</c>.</summary>
    public sealed record MatchArm(SourceSpan Span, ImmutableArray<Expr> Values, Stmt Body);
}
