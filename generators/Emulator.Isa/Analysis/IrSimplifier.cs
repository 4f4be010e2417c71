using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// Folds constants, drops branches that cannot be taken and substitutes locals that hold a constant or a copy. Generated code relies on it: after it no
/// operator has only constant operands.
/// </summary>
public sealed class IrSimplifier : IrRewriter
{
    private readonly Dictionary<IrLocal, IrExpr> known = new();
    private readonly HashSet<IrLocal> assigned = new();

    /// <summary>Simplifies a body; locals that are set once to a constant, or to another such local, disappear.</summary>
    public static IrStmt.Block Simplify(IrStmt.Block body)
    {
        var simplifier = new IrSimplifier();
        IrTree.Visit(body, s =>
        {
            if (s is IrStmt.Set { Declare: false } set) simplifier.assigned.Add(set.Variable);
            if (s is IrStmt.For loop) simplifier.assigned.Add(loop.Variable);
        }, null);
        return simplifier.Rewrite(body);
    }

    /// <summary>Simplifies one expression.</summary>
    public static IrExpr Simplify(IrExpr expression) => new IrSimplifier().Rewrite(expression);

    /// <summary>The greatest value an expression can have, from its shape.</summary>
    public static BigInteger Max(IrExpr expression)
    {
        BigInteger mask = IrMath.Mask(expression.Width);
        switch (expression)
        {
            case IrExpr.Const c: return c.Value;
            case IrExpr.Convert { Kind: IrConversion.Zext } c: return Max(c.Operand);
            case IrExpr.Convert { Kind: IrConversion.Trunc } c: return BigInteger.Min(Max(c.Operand), mask);
            case IrExpr.Slice s: return BigInteger.Min(Max(s.Operand) >> s.Low, mask);
            case IrExpr.Binary { Operator: IrBinary.And } b: return BigInteger.Min(Max(b.Left), Max(b.Right));
            case IrExpr.Binary { Operator: IrBinary.Add } b: return BigInteger.Min(mask, Max(b.Left) + Max(b.Right));
            case IrExpr.Binary { Operator: IrBinary.LShr, Right: IrExpr.Const c } b: return c.Value >= b.Width ? BigInteger.Zero : Max(b.Left) >> (int)c.Value;
            case IrExpr.Binary { Operator: IrBinary.URem, Right: IrExpr.Const { Value.IsZero: false } c } b: return BigInteger.Min(Max(b.Left), c.Value - 1);
            case IrExpr.Select s: return BigInteger.Max(Max(s.WhenTrue), Max(s.WhenFalse));
            default: return mask;
        }
    }

    protected override void Rewrite(IrStmt statement, ImmutableArray<IrStmt>.Builder into)
    {
        switch (statement)
        {
            case IrStmt.Set { Declare: true } set when !assigned.Contains(set.Variable):
                IrExpr value = Rewrite(set.Value);
                if (value is IrExpr.Const || (value is IrExpr.Local l && !assigned.Contains(l.Variable)))
                {
                    known[set.Variable] = value;
                    return;
                }
                into.Add(set with { Value = value });
                return;
            case IrStmt.If branch:
                IrExpr condition = Rewrite(branch.Condition);
                if (condition is IrExpr.Const c)
                {
                    base.Rewrite(c.Value.IsZero ? branch.Else : branch.Then, into);
                    return;
                }
                IrStmt.Block then = Rewrite(branch.Then);
                IrStmt.Block @else = Rewrite(branch.Else);
                if (then.Statements.IsEmpty && @else.Statements.IsEmpty) return;
                into.Add(then.Statements.IsEmpty
                    ? new IrStmt.If(branch.Span, Not(condition), @else, IrStmt.Block.Empty)
                    : new IrStmt.If(branch.Span, condition, then, @else));
                return;
            case IrStmt.While loop when Rewrite(loop.Condition) is IrExpr.Const { Value.IsZero: true }:
                base.Rewrite(loop.Header, into);
                return;
            default:
                base.Rewrite(statement, into);
                return;
        }
    }

    protected override IrExpr Leave(IrExpr expression)
    {
        switch (expression)
        {
            case IrExpr.Local local: return known.TryGetValue(local.Variable, out IrExpr? value) ? value : local;
            case IrExpr.Unary { Operand: IrExpr.Const c } u: return new IrExpr.Const(IrMath.Unary(u.Operator, c.Value, c.Width), u.Width);
            case IrExpr.Unary { Operator: IrUnary.Not, Operand: IrExpr.Unary { Operator: IrUnary.Not } inner }: return inner.Operand;
            case IrExpr.Binary b: return LeaveBinary(b);
            case IrExpr.Convert c: return LeaveConvert(c);
            case IrExpr.Slice s: return LeaveSlice(s);
            case IrExpr.Bit { Position: IrExpr.Const p } b:
                return p.Value >= b.Operand.Width ? new IrExpr.Const(BigInteger.Zero, 1) : LeaveSlice(new IrExpr.Slice(b.Operand, (int)p.Value, 1));
            case IrExpr.Select { Condition: IrExpr.Const c } s: return c.Value.IsZero ? s.WhenFalse : s.WhenTrue;
            case IrExpr.Select { WhenTrue: IrExpr.Const { Width: 1 } t, WhenFalse: IrExpr.Const { Width: 1 } f } s:
                return t.Value == f.Value ? t : t.Value.IsOne ? s.Condition : Not(s.Condition);
            case IrExpr.Select { Width: 1, WhenTrue: IrExpr.Const t } s:
                return t.Value.IsOne ? new IrExpr.Binary(IrBinary.Or, s.Condition, s.WhenFalse, 1) : new IrExpr.Binary(IrBinary.And, Not(s.Condition), s.WhenFalse, 1);
            case IrExpr.Select { Width: 1, WhenFalse: IrExpr.Const f } s:
                return f.Value.IsOne ? new IrExpr.Binary(IrBinary.Or, Not(s.Condition), s.WhenTrue, 1) : new IrExpr.Binary(IrBinary.And, s.Condition, s.WhenTrue, 1);
            case IrExpr.Table { Index: IrExpr.Const i, Data.Strings.IsDefaultOrEmpty: true } t:
                return new IrExpr.Const(i.Value < t.Data.Values.Length ? t.Data.Values[(int)i.Value] : BigInteger.Zero, t.Width);
            default: return expression;
        }
    }

    private static IrExpr Not(IrExpr condition) => condition switch
    {
        IrExpr.Const c => new IrExpr.Const(BigInteger.One - c.Value, 1),
        IrExpr.Unary { Operator: IrUnary.Not } u => u.Operand,
        IrExpr.Binary { Operator: IrBinary.Eq } b => b with { Operator = IrBinary.Ne },
        IrExpr.Binary { Operator: IrBinary.Ne } b => b with { Operator = IrBinary.Eq },
        IrExpr.Binary { Operator: IrBinary.ULt } b => new IrExpr.Binary(IrBinary.ULe, b.Right, b.Left, 1),
        IrExpr.Binary { Operator: IrBinary.ULe } b => new IrExpr.Binary(IrBinary.ULt, b.Right, b.Left, 1),
        IrExpr.Binary { Operator: IrBinary.SLt } b => new IrExpr.Binary(IrBinary.SLe, b.Right, b.Left, 1),
        IrExpr.Binary { Operator: IrBinary.SLe } b => new IrExpr.Binary(IrBinary.SLt, b.Right, b.Left, 1),
        _ => new IrExpr.Unary(IrUnary.Not, condition, 1),
    };

    private static IrExpr LeaveBinary(IrExpr.Binary b)
    {
        if (b is { Left: IrExpr.Const x, Right: IrExpr.Const y })
        {
            return new IrExpr.Const(IrMath.Binary(b.Operator, x.Value, x.Width, y.Value, y.Width), b.Width);
        }
        IrExpr zero = new IrExpr.Const(BigInteger.Zero, b.Width);
        bool commutes = b.Operator is IrBinary.Add or IrBinary.Mul or IrBinary.And or IrBinary.Or or IrBinary.Xor or IrBinary.Eq or IrBinary.Ne;
        if (commutes && b.Left is IrExpr.Const) b = b with { Left = b.Right, Right = b.Left };
        if (b.Right is IrExpr.Const c)
        {
            bool all = c.Value == IrMath.Mask(c.Width);
            switch (b.Operator)
            {
                case IrBinary.Add or IrBinary.Sub or IrBinary.Or or IrBinary.Xor or IrBinary.Shl or IrBinary.LShr or IrBinary.AShr or IrBinary.Rotl or IrBinary.Rotr when c.Value.IsZero:
                    return b.Left;
                case IrBinary.And or IrBinary.Mul when c.Value.IsZero: return zero;
                case IrBinary.And when all: return b.Left;
                case IrBinary.Or when all: return c;
                case IrBinary.Mul or IrBinary.UDiv when c.Value.IsOne && c.Width > 1: return b.Left;
                case IrBinary.Shl or IrBinary.LShr when c.Value >= b.Width: return zero;
                case IrBinary.Xor when all: return Leave2(IrUnary.Not, b.Left);
                case IrBinary.Eq when c.Width == 1: return c.Value.IsOne ? b.Left : Not(b.Left);
                case IrBinary.Ne when c.Width == 1: return c.Value.IsOne ? Not(b.Left) : b.Left;
                case IrBinary.ULt when c.Value.IsZero: return zero;
                case IrBinary.ULe when all: return new IrExpr.Const(BigInteger.One, 1);
                case IrBinary.And when (Max(b.Left) & ~c.Value).IsZero && IsLowMask(c.Value) && Max(b.Left) <= c.Value: return b.Left;
            }
        }
        else if (b.Left is IrExpr.Const { Value.IsZero: true })
        {
            switch (b.Operator)
            {
                case IrBinary.Shl or IrBinary.LShr or IrBinary.AShr or IrBinary.Rotl or IrBinary.Rotr: return zero;
                case IrBinary.ULe: return new IrExpr.Const(BigInteger.One, 1);
                case IrBinary.Concat: return LeaveConvert(new IrExpr.Convert(IrConversion.Zext, b.Right, b.Width));
            }
        }
        return b;
    }

    private static IrExpr Leave2(IrUnary op, IrExpr operand) =>
        operand.Width == 1 && op == IrUnary.Not ? Not(operand)
        : operand is IrExpr.Unary { Operator: IrUnary.Not } u && op == IrUnary.Not ? u.Operand : new IrExpr.Unary(op, operand, operand.Width);

    private static bool IsLowMask(BigInteger value) => (value & (value + 1)).IsZero;

    private static IrExpr LeaveConvert(IrExpr.Convert c)
    {
        if (c.Operand.Width == c.Width) return c.Operand;
        if (c.Operand is IrExpr.Const k) return new IrExpr.Const(IrMath.Convert(c.Kind, k.Value, k.Width, c.Width), c.Width);
        if (c.Operand is IrExpr.Convert inner)
        {
            if (c.Kind == IrConversion.Zext && inner.Kind == IrConversion.Zext) return c with { Operand = inner.Operand };
            if (c.Kind == IrConversion.Sext && inner.Kind != IrConversion.Trunc) return inner with { Width = c.Width };
            if (c.Kind == IrConversion.Trunc) return LeaveSlice(new IrExpr.Slice(inner, 0, c.Width));
        }
        return c.Kind == IrConversion.Trunc ? LeaveSlice(new IrExpr.Slice(c.Operand, 0, c.Width)) : c;
    }

    private static IrExpr LeaveSlice(IrExpr.Slice s)
    {
        if (s.Low == 0 && s.Width == s.Operand.Width) return s.Operand;
        switch (s.Operand)
        {
            case IrExpr.Const c: return new IrExpr.Const(IrMath.Wrap(c.Value >> s.Low, s.Width), s.Width);
            case IrExpr.Slice inner: return LeaveSlice(new IrExpr.Slice(inner.Operand, inner.Low + s.Low, s.Width));
            case IrExpr.Convert { Kind: IrConversion.Trunc } inner: return LeaveSlice(new IrExpr.Slice(inner.Operand, s.Low, s.Width));
            case IrExpr.Convert inner when s.Low + s.Width <= inner.Operand.Width: return LeaveSlice(new IrExpr.Slice(inner.Operand, s.Low, s.Width));
            case IrExpr.Convert inner when s.Low == 0: return LeaveConvert(new IrExpr.Convert(inner.Kind, inner.Operand, s.Width));
            case IrExpr.Convert { Kind: IrConversion.Zext } inner when s.Low >= inner.Operand.Width: return new IrExpr.Const(BigInteger.Zero, s.Width);
            case IrExpr.Binary { Operator: IrBinary.Concat } b when s.Low >= b.Right.Width: return LeaveSlice(new IrExpr.Slice(b.Left, s.Low - b.Right.Width, s.Width));
            case IrExpr.Binary { Operator: IrBinary.Concat } b when s.Low + s.Width <= b.Right.Width: return LeaveSlice(new IrExpr.Slice(b.Right, s.Low, s.Width));
            default: return s;
        }
    }
}
