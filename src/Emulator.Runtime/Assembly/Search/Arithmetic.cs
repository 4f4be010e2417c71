namespace Emulator.Runtime.Assembly;

/// <summary>The operators of the spec language on values of given widths, zero above them.</summary>
internal static class Arithmetic
{
    /// <summary>All ones, <paramref name="width"/> of them.</summary>
    public static UInt128 Mask(int width) => width >= 128 ? UInt128.MaxValue : (UInt128.One << width) - 1;

    /// <summary>The value as a two's complement number.</summary>
    public static Int128 Signed(UInt128 value, int width) => (Int128)(value << (128 - width)) >> (128 - width);

    /// <summary>Applies an operator; <paramref name="width"/> is that of its result.</summary>
    public static UInt128 Compute(Operator op, int width, UInt128 a, int aWidth, UInt128 b, int bWidth) => Raw(op, a, aWidth, b, bWidth) & Mask(width);

    private static UInt128 Raw(Operator op, UInt128 a, int width, UInt128 b, int bWidth) => op switch
    {
        Operator.Neg => UInt128.Zero - a,
        Operator.Not => ~a,
        Operator.PopCount => UInt128.PopCount(a),
        Operator.Parity => UInt128.IsEvenInteger(UInt128.PopCount(a)) ? 1u : 0u,
        Operator.Clz => UInt128.LeadingZeroCount(a) - (UInt128)(128 - width),
        Operator.Ctz => a == 0 ? (UInt128)width : UInt128.TrailingZeroCount(a),
        Operator.ByteSwap => Swap(a, width),
        Operator.Abs => (UInt128)Int128.Abs(Signed(a, width)),
        Operator.Add => a + b,
        Operator.Sub => a - b,
        Operator.Mul => a * b,
        Operator.UDiv => IsaMath.UDiv128(a, b),
        Operator.URem => IsaMath.URem128(a, b),
        Operator.SDiv => (UInt128)IsaMath.SDiv128(Signed(a, width), Signed(b, width)),
        Operator.SRem => (UInt128)IsaMath.SRem128(Signed(a, width), Signed(b, width)),
        Operator.And => a & b,
        Operator.Or => a | b,
        Operator.Xor => a ^ b,
        Operator.Shl => b >= (UInt128)width ? 0 : a << (int)b,
        Operator.LShr => b >= (UInt128)width ? 0 : a >> (int)b,
        Operator.AShr => (UInt128)(Signed(a, width) >> (b >= 127 ? 127 : (int)b)),
        Operator.Rotl => Rotate(a, (int)(b % (UInt128)width), width),
        Operator.Rotr => Rotate(a, width - (int)(b % (UInt128)width), width),
        Operator.Eq => Bool(a == b),
        Operator.Ne => Bool(a != b),
        Operator.ULt => Bool(a < b),
        Operator.ULe => Bool(a <= b),
        Operator.SLt => Bool(Signed(a, width) < Signed(b, width)),
        Operator.SLe => Bool(Signed(a, width) <= Signed(b, width)),
        Operator.Concat => a << bWidth | b,
        Operator.Zext => a,
        Operator.Sext => (UInt128)Signed(a, width),
        Operator.Bit => b >= (UInt128)width ? 0 : a >> (int)b & 1,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "no operator"),
    };

    private static UInt128 Bool(bool value) => value ? 1u : 0u;

    private static UInt128 Rotate(UInt128 a, int count, int width) => a << count | (count == 0 ? 0 : a >> (width - count));

    private static UInt128 Swap(UInt128 a, int width)
    {
        UInt128 result = 0;
        for (int i = 0; i < width; i += 8) result = result << 8 | (a >> i & 0xFF);
        return result;
    }
}
