using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Binding;

/// <summary>Builds IR expressions, computing what is known already.</summary>
internal static class Folding
{
    public static BigInteger Mask(int width) => (BigInteger.One << width) - 1;

    public static IrExpr.Const Const(BigInteger value, int width) => new(value & Mask(width), width);

    public static IrExpr Bool(bool value) => new IrExpr.Const(value ? BigInteger.One : BigInteger.Zero, 1);

    public static bool IsConst(IrExpr e, out BigInteger value)
    {
        value = e is IrExpr.Const c ? c.Value : default;
        return e is IrExpr.Const;
    }

    public static BigInteger ToSigned(BigInteger value, int width) => value >> (width - 1) != 0 ? value - (BigInteger.One << width) : value;

    public static IrExpr Unary(IrUnary op, IrExpr operand)
    {
        var width = op == IrUnary.Parity ? 1 : operand.Width;
        if (operand is not IrExpr.Const c) return op == IrUnary.Not && operand is IrExpr.Unary { Operator: IrUnary.Not } n ? n.Operand : new IrExpr.Unary(op, operand, width);
        var w = operand.Width;
        return op switch
        {
            IrUnary.Neg => Const(-c.Value, w),
            IrUnary.Not => Const(Mask(w) ^ c.Value, w),
            IrUnary.Abs => Const(BigInteger.Abs(ToSigned(c.Value, w)), w),
            IrUnary.PopCount => Const(Ones(c.Value), w),
            IrUnary.Parity => Bool(Ones(c.Value) % 2 == 0),
            _ => new IrExpr.Unary(op, operand, width),
        };
    }

    private static int Ones(BigInteger value)
    {
        var n = 0;
        for (; value != 0; value >>= 1) n += (int)(value & 1);
        return n;
    }

    public static IrExpr Binary(IrBinary op, IrExpr l, IrExpr r)
    {
        var width = op switch
        {
            IrBinary.Eq or IrBinary.Ne or IrBinary.ULt or IrBinary.ULe or IrBinary.SLt or IrBinary.SLe => 1,
            IrBinary.Concat => l.Width + r.Width,
            _ => l.Width,
        };
        if (l is IrExpr.Const a && r is IrExpr.Const b && Compute(op, a.Value, b.Value, l.Width, r.Width) is { } value) return Const(value, width);
        if (r is IrExpr.Const { Value.IsZero: true } && op is IrBinary.Add or IrBinary.Sub or IrBinary.Or or IrBinary.Xor or IrBinary.Shl or IrBinary.LShr or IrBinary.AShr && r is IrExpr.Const { Value.IsZero: true }) return l;
        if (l is IrExpr.Const { Value.IsZero: true } && op is IrBinary.Add or IrBinary.Or or IrBinary.Xor && l is IrExpr.Const { Value.IsZero: true }) return r;
        if (op == IrBinary.And && (IsZero(l) || IsZero(r))) return Const(0, width);
        if (op == IrBinary.And && r is IrExpr.Const m && m.Value == Mask(width)) return l;
        if (op == IrBinary.And && l is IrExpr.Const k && k.Value == Mask(width)) return r;
        if (op == IrBinary.Or && width == 1 && (IsOne(l) || IsOne(r))) return Const(1, 1);
        return new IrExpr.Binary(op, l, r, width);
    }

    private static bool IsZero(IrExpr e) => e is IrExpr.Const { Value.IsZero: true };

    private static bool IsOne(IrExpr e) => e is IrExpr.Const { Value.IsOne: true };

    /// <summary>The value of an operator on constants; null for those left to run time.</summary>
    private static BigInteger? Compute(IrBinary op, BigInteger a, BigInteger b, int w, int rw)
    {
        BigInteger One(bool x) => x ? BigInteger.One : BigInteger.Zero;
        var (sa, sb) = (ToSigned(a, w), ToSigned(b, rw));
        return op switch
        {
            IrBinary.Add => a + b,
            IrBinary.Sub => a - b,
            IrBinary.Mul => a * b,
            IrBinary.UDiv => b == 0 ? Mask(w) : a / b,
            IrBinary.URem => b == 0 ? a : a % b,
            IrBinary.SDiv => b == 0 ? Mask(w) : BigInteger.Divide(sa, sb),
            IrBinary.SRem => b == 0 ? a : BigInteger.Remainder(sa, sb),
            IrBinary.And => a & b,
            IrBinary.Or => a | b,
            IrBinary.Xor => a ^ b,
            IrBinary.Shl => b >= w ? BigInteger.Zero : a << (int)b,
            IrBinary.LShr => b >= w ? BigInteger.Zero : a >> (int)b,
            IrBinary.AShr => sa >> (int)BigInteger.Min(b, w),
            IrBinary.Eq => One(a == b),
            IrBinary.Ne => One(a != b),
            IrBinary.ULt => One(a < b),
            IrBinary.ULe => One(a <= b),
            IrBinary.SLt => One(sa < sb),
            IrBinary.SLe => One(sa <= sb),
            IrBinary.Concat => (a << rw) | b,
            _ => null,
        };
    }

    public static IrExpr Convert(IrConversion kind, IrExpr e, int width)
    {
        if (e.Width == width) return e;
        if (e is IrExpr.Const c) return Const(kind == IrConversion.Sext ? ToSigned(c.Value, e.Width) : c.Value, width);
        return new IrExpr.Convert(kind, e, width);
    }

    public static IrExpr Slice(IrExpr e, int low, int width)
    {
        if (low == 0 && width == e.Width) return e;
        if (e is IrExpr.Const c) return Const(c.Value >> low, width);
        if (e is IrExpr.Slice s) return new IrExpr.Slice(s.Operand, s.Low + low, width);
        return new IrExpr.Slice(e, low, width);
    }

    public static IrExpr Select(IrExpr c, IrExpr a, IrExpr b) => c is IrExpr.Const k ? (k.Value.IsZero ? b : a) : new IrExpr.Select(c, a, b);

    public static IrExpr Not(IrExpr condition) => Unary(IrUnary.Not, condition);
}
