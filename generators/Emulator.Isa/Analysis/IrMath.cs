using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>The operators of the IR on constants: values are non-negative and fit their width.</summary>
public static class IrMath
{
    public static BigInteger Mask(int width) => (BigInteger.One << width) - 1;

    /// <summary>The low bits of any integer as a value of the width.</summary>
    public static BigInteger Wrap(BigInteger value, int width) => value & Mask(width);

    /// <summary>A value read as two's complement.</summary>
    public static BigInteger Signed(BigInteger value, int width) => ((value >> (width - 1)) & 1) != 0 ? value - (BigInteger.One << width) : value;

    public static BigInteger Unary(IrUnary op, BigInteger x, int width) => op switch
    {
        IrUnary.Neg => Wrap(-x, width),
        IrUnary.Not => Mask(width) - x,
        IrUnary.PopCount => Ones(x),
        IrUnary.Clz => width - Length(x),
        IrUnary.Ctz => x.IsZero ? width : TrailingZeros(x),
        IrUnary.ByteSwap => Swap(x, width),
        IrUnary.Parity => (Ones(x) & 1) == 0 ? BigInteger.One : BigInteger.Zero,
        IrUnary.Abs => Wrap(BigInteger.Abs(Signed(x, width)), width),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    /// <summary>Applies an operator to operands of the given widths.</summary>
    public static BigInteger Binary(IrBinary op, BigInteger x, int leftWidth, BigInteger y, int rightWidth)
    {
        int w = leftWidth;
        switch (op)
        {
            case IrBinary.Add: return Wrap(x + y, w);
            case IrBinary.Sub: return Wrap(x - y, w);
            case IrBinary.Mul: return Wrap(x * y, w);
            case IrBinary.UDiv: return y.IsZero ? Mask(w) : x / y;
            case IrBinary.URem: return y.IsZero ? x : x % y;
            case IrBinary.SDiv: return y.IsZero ? Mask(w) : Wrap(BigInteger.Divide(Signed(x, w), Signed(y, w)), w);
            case IrBinary.SRem: return y.IsZero ? x : Wrap(BigInteger.Remainder(Signed(x, w), Signed(y, w)), w);
            case IrBinary.And: return x & y;
            case IrBinary.Or: return x | y;
            case IrBinary.Xor: return x ^ y;
            case IrBinary.Shl: return y >= w ? BigInteger.Zero : Wrap(x << (int)y, w);
            case IrBinary.LShr: return y >= w ? BigInteger.Zero : x >> (int)y;
            case IrBinary.AShr: return Wrap(Signed(x, w) >> (int)BigInteger.Min(y, w), w);
            case IrBinary.Rotl: return Rotate(x, (int)(y % w), w);
            case IrBinary.Rotr: return Rotate(x, (w - (int)(y % w)) % w, w);
            case IrBinary.Eq: return Bool(x == y);
            case IrBinary.Ne: return Bool(x != y);
            case IrBinary.ULt: return Bool(x < y);
            case IrBinary.ULe: return Bool(x <= y);
            case IrBinary.SLt: return Bool(Signed(x, w) < Signed(y, w));
            case IrBinary.SLe: return Bool(Signed(x, w) <= Signed(y, w));
            case IrBinary.Concat: return (x << rightWidth) | y;
            default: throw new ArgumentOutOfRangeException(nameof(op));
        }
    }

    public static BigInteger Convert(IrConversion kind, BigInteger x, int from, int to) =>
        kind == IrConversion.Sext ? Wrap(Signed(x, from), to) : Wrap(x, to);

    private static BigInteger Bool(bool value) => value ? BigInteger.One : BigInteger.Zero;

    private static BigInteger Rotate(BigInteger x, int left, int width) => Wrap((x << left) | (x >> (width - left)), width);

    private static int Length(BigInteger x)
    {
        int length = 0;
        for (; !x.IsZero; x >>= 1) length++;
        return length;
    }

    private static int Ones(BigInteger x)
    {
        int count = 0;
        for (; !x.IsZero; x >>= 1) count += (int)(x & 1);
        return count;
    }

    private static int TrailingZeros(BigInteger x)
    {
        int count = 0;
        for (; (x & 1).IsZero; x >>= 1) count++;
        return count;
    }

    private static BigInteger Swap(BigInteger x, int width)
    {
        BigInteger result = BigInteger.Zero;
        for (int i = 0; i < width / 8; i++) result = (result << 8) | ((x >> (8 * i)) & 0xFF);
        return result;
    }
}
