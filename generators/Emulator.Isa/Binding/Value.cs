using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Binding;

/// <summary>A bound expression: typed, an untyped literal (<see cref="Literal"/>), or a tuple.</summary>
internal readonly record struct Value(IrExpr? Expr, bool Signed, BigInteger? Literal, ImmutableArray<IrLocal> Items)
{
    public static Value Of(IrExpr expr, bool signed = false) => new(expr, signed, null, ImmutableArray<IrLocal>.Empty);

    public static Value Of(BigInteger literal) => new(null, false, literal, ImmutableArray<IrLocal>.Empty);

    public static Value Tuple(ImmutableArray<IrLocal> items) => new(null, false, null, items);

    private static readonly IrLocal Unknown = new("error", 0);

    /// <summary>
    /// Stands for what could not be bound. Width 0 marks an expression of which not even the width is known: whatever is made of it is not reported again. It is
    /// not constant, so that code that depends on it is still looked at.
    /// </summary>
    public static IrExpr Bad(int width) => width == 0 ? new IrExpr.Local(Unknown) : new IrExpr.Slice(new IrExpr.Local(Unknown), 0, width);

    /// <summary>Whether it stands for something that was reported already.</summary>
    public bool IsError => Expr is { Width: 0 };

    public bool IsLiteral => Literal is not null;

    public bool IsTuple => Expr is null && Literal is null;

    /// <summary>The value when it is known now.</summary>
    public BigInteger? Constant => Literal ?? (Expr is IrExpr.Const c ? (Signed && c.Value >> (c.Width - 1) != 0 ? c.Value - (BigInteger.One << c.Width) : c.Value) : null);
}
