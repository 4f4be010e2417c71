using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

internal sealed partial class TermFactory
{
    public Term Binary(IrBinary op, Term x, Term y, int width)
    {
        if (x.IsConst && y.IsConst) return Const(IrMath.Binary(op, x.Value, x.Width, y.Value, y.Width), width);
        switch (op)
        {
            case IrBinary.Ne: return Not(Binary(IrBinary.Eq, x, y, 1));
            case IrBinary.ULe: return Not(Binary(IrBinary.ULt, y, x, 1));
            case IrBinary.SLe: return Not(Binary(IrBinary.SLt, y, x, 1));
            case IrBinary.Eq: return Equal(x, y);
        }
        bool commutes = op is IrBinary.Add or IrBinary.Mul or IrBinary.And or IrBinary.Or or IrBinary.Xor;
        if (commutes && (x.IsConst || (!y.IsConst && x.Id > y.Id))) (x, y) = (y, x);
        if (Simplify(op, x, y, width) is { } simple) return simple;
        Term term = Make(TermKind.Binary, (int)op, width, null, x, y);
        if (width <= 64)
        {
            ulong all = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
            term.Possible = op switch
            {
                IrBinary.And => x.Possible & y.Possible,
                IrBinary.Or or IrBinary.Xor => x.Possible | y.Possible,
                IrBinary.Shl when y.IsConst => (x.Possible << (int)y.Value) & all,
                IrBinary.LShr when y.IsConst => (x.Possible & all) >> (int)y.Value,
                IrBinary.Concat => (x.Possible << y.Width) | y.Possible,
                _ => all,
            };
        }
        return term;
    }

    private Term Equal(Term x, Term y)
    {
        if (ReferenceEquals(x, y)) return True;
        if (x.IsConst || (!y.IsConst && x.Id > y.Id)) (x, y) = (y, x);
        if (y.IsConst)
        {
            if (x.Width == 1) return y.IsTrue ? x : Not(x);
            if (x.Width <= 64 && ((ulong)y.Value & ~x.Possible) != 0) return False;
            if (x.Kind == TermKind.Ite && (x.Arguments[1].IsConst || x.Arguments[2].IsConst))
                return Ite(x.Arguments[0], Equal(x.Arguments[1], y), Equal(x.Arguments[2], y));
            if (x.Kind == TermKind.Convert && x.Op == (int)IrConversion.Zext)
            {
                Term inner = x.Arguments[0];
                return y.Value >> inner.Width != 0 ? False : Equal(inner, Const(y.Value, inner.Width));
            }
        }
        return Make(TermKind.Binary, (int)IrBinary.Eq, 1, null, x, y);
    }

    private Term? Simplify(IrBinary op, Term x, Term y, int width)
    {
        if (ReferenceEquals(x, y))
        {
            if (op is IrBinary.And or IrBinary.Or) return x;
            if (op is IrBinary.Xor or IrBinary.Sub) return Const(BigInteger.Zero, width);
            if (op is IrBinary.ULt or IrBinary.SLt) return False;
        }
        if (width == 1 && op is IrBinary.And or IrBinary.Or && Complementary(x, y)) return op == IrBinary.And ? False : True;
        if (op == IrBinary.And && width is > 1 and <= 64 && (x.Possible & y.Possible) == 0) return Const(BigInteger.Zero, width);
        if (op == IrBinary.ULt && x.IsConst && x.Value == IrMath.Mask(x.Width)) return False;
        if (op == IrBinary.ULt && y.IsConst && x.Width <= 64 && x.Possible < y.Value) return True;
        // Comparisons with constants in one form, so that what one says of another can be seen.
        if (op == IrBinary.ULt && x.IsConst) return Not(Binary(op, y, Const(x.Value + 1, y.Width), 1));
        if (op == IrBinary.ULt && y.IsConst && y.Value.IsOne) return Equal(x, Const(BigInteger.Zero, x.Width));
        if (!y.IsConst) return null;
        bool zero = y.Value.IsZero;
        bool all = y.Value == IrMath.Mask(y.Width);
        switch (op)
        {
            case IrBinary.Add or IrBinary.Sub or IrBinary.Or or IrBinary.Xor or IrBinary.Shl or IrBinary.LShr or IrBinary.AShr or IrBinary.Rotl or IrBinary.Rotr when zero: return x;
            case IrBinary.And or IrBinary.Mul when zero: return y;
            case IrBinary.And when all: return x;
            case IrBinary.Or when all: return y;
            case IrBinary.Mul when y.Value.IsOne: return x;
            case IrBinary.ULt when zero: return False;
            case IrBinary.Shl or IrBinary.LShr when y.Value >= width: return Const(BigInteger.Zero, width);
            case IrBinary.And when width is > 1 and <= 64 && (x.Possible & ~(ulong)y.Value) == 0: return x;
            // A mask over composed fields drops the fields it does not cover.
            case IrBinary.And when x.Kind == TermKind.Binary && x.Op is (int)IrBinary.Or or (int)IrBinary.Xor:
                return Binary((IrBinary)x.Op, Binary(op, x.Arguments[0], y, width), Binary(op, x.Arguments[1], y, width), width);
            case IrBinary.And when x.Kind == TermKind.Binary && x.Op == (int)IrBinary.And && x.Arguments[1].IsConst:
                return Binary(op, x.Arguments[0], Const(x.Arguments[1].Value & y.Value, width), width);
        }
        return null;
    }

    private static bool Complementary(Term x, Term y) =>
        (x.Kind == TermKind.Unary && x.Op == (int)IrUnary.Not && ReferenceEquals(x.Arguments[0], y))
        || (y.Kind == TermKind.Unary && y.Op == (int)IrUnary.Not && ReferenceEquals(y.Arguments[0], x));
}
