using System.Runtime.CompilerServices;

namespace Emulator.Runtime.FloatingPoint;

/// <summary>
/// Double-precision operations on encodings, for specs to declare as pure externs. The rules are those of <see cref="FloatRules"/>, the flags those of
/// <see cref="FloatFlags"/>. Where the host's arithmetic is provably the same (docs/decisions/0004-floating-point.md) it does the work.
/// </summary>
public static class Float64
{
    private const int MinBiased = 64;
    private const ulong Sign = 1ul << 63;

    /// <summary>a + b.</summary>
    public static ulong Add(ulong a, ulong b, uint rules, out uint flags) =>
        HostFloat.IsNearestEven(rules) && Biased(a) - 1 < 2043 && Biased(b) - 1 < 2043 ? HostFloat.Sum(Value(a), Value(b), out flags) : SoftFloat.Add(FloatFormat.Binary64, a, b, false, rules, out flags);

    /// <summary>a - b.</summary>
    public static ulong Subtract(ulong a, ulong b, uint rules, out uint flags) =>
        HostFloat.IsNearestEven(rules) && Biased(a) - 1 < 2043 && Biased(b) - 1 < 2043 ? HostFloat.Sum(Value(a), -Value(b), out flags) : SoftFloat.Add(FloatFormat.Binary64, a, b, true, rules, out flags);

    /// <summary>a * b.</summary>
    public static ulong Multiply(ulong a, ulong b, uint rules, out uint flags)
    {
        if (HostFloat.HasExactRemainders(rules) && IsNormal(a) && IsNormal(b))
        {
            double product = Value(a) * Value(b);
            if (Biased(Bits(product)) - MinBiased < 2047 - MinBiased)
            {
                flags = Math.FusedMultiplyAdd(Value(a), Value(b), -product) != 0 ? FloatFlags.Inexact : 0;
                return Bits(product);
            }
        }

        return SoftFloat.Multiply(FloatFormat.Binary64, a, b, rules, out flags);
    }

    /// <summary>a / b.</summary>
    public static ulong Divide(ulong a, ulong b, uint rules, out uint flags)
    {
        if (HostFloat.HasExactRemainders(rules) && IsNormal(b) && Biased(a) - MinBiased < 2047 - MinBiased)
        {
            double quotient = Value(a) / Value(b);
            if (Biased(Bits(quotient)) - 2 < 2045)
            {
                flags = Math.FusedMultiplyAdd(-quotient, Value(b), Value(a)) != 0 ? FloatFlags.Inexact : 0;
                return Bits(quotient);
            }
        }

        return SoftFloat.Divide(FloatFormat.Binary64, a, b, rules, out flags);
    }

    /// <summary>The square root.</summary>
    public static ulong SquareRoot(ulong a, uint rules, out uint flags)
    {
        if (HostFloat.HasExactRemainders(rules) && (a & Sign) == 0 && Biased(a) - MinBiased < 2047 - MinBiased)
        {
            double root = Math.Sqrt(Value(a));
            flags = Math.FusedMultiplyAdd(-root, root, Value(a)) != 0 ? FloatFlags.Inexact : 0;
            return Bits(root);
        }

        return SoftFloat.SquareRoot(FloatFormat.Binary64, a, rules, out flags);
    }

    /// <summary>a * b + c, rounded once; <see cref="FloatRules.NegateProduct"/> and <see cref="FloatRules.NegateAddend"/> apply.</summary>
    public static ulong FusedMultiplyAdd(ulong a, ulong b, ulong c, uint rules, out uint flags)
    {
        if (HostFloat.HasExactRemainders(rules) && IsNormal(a) && IsNormal(b) && IsMiddling(c))
        {
            double x = Value((rules & FloatRules.NegateProduct) != 0 ? a ^ Sign : a), z = Value((rules & FloatRules.NegateAddend) != 0 ? c ^ Sign : c);
            double product = x * Value(b);
            if (IsMiddling(Bits(product))) return HostFloat.FusedSum(x, Value(b), z, product, out flags);
        }

        return SoftFloat.FusedMultiplyAdd(FloatFormat.Binary64, a, b, c, rules, out flags);
    }

    /// <summary>The smaller number (IEEE 754-2019, minimumNumber): a NaN counts for nothing, -0 is less than +0.</summary>
    public static ulong Minimum(ulong a, ulong b, uint rules, out uint flags) => SoftFloat.Select(FloatFormat.Binary64, a, b, false, rules, out flags);

    /// <summary>The larger number (IEEE 754-2019, maximumNumber).</summary>
    public static ulong Maximum(ulong a, ulong b, uint rules, out uint flags) => SoftFloat.Select(FloatFormat.Binary64, a, b, true, rules, out flags);

    /// <summary>How two numbers stand to each other: 0 equal, 1 less, 2 greater, 3 unordered. Where signalling, quiet NaNs are invalid too.</summary>
    public static uint Compare(ulong a, ulong b, bool signalling, out uint flags)
    {
        if (!IsNormal(a) || !IsNormal(b)) return SoftFloat.Compare(FloatFormat.Binary64, a, b, signalling, out flags);
        flags = 0;
        return Value(a) < Value(b) ? 1u : Value(a) > Value(b) ? 2u : 0;
    }

    /// <summary>What it is, 0 to 9: negative infinity, normal, subnormal, zero; positive zero, subnormal, normal, infinity; signalling, quiet NaN.</summary>
    public static uint Classify(ulong a) => SoftFloat.Classify(FloatFormat.Binary64, a);

    /// <summary>The single-precision number nearest to a double-precision one.</summary>
    public static uint ToFloat32(ulong a, uint rules, out uint flags)
    {
        if (HostFloat.IsNearestEven(rules) && IsNormal(a))
        {
            float narrow = (float)Value(a);
            if (Float32.IsWellInside(narrow))
            {
                flags = narrow != Value(a) ? FloatFlags.Inexact : 0;
                return BitConverter.SingleToUInt32Bits(narrow);
            }
        }

        return (uint)SoftFloat.Convert(FloatFormat.Binary64, FloatFormat.Binary32, a, rules, out flags);
    }

    /// <summary>The nearest integer of 32 bits, in the low half.</summary>
    public static uint ToInteger32(ulong a, bool signed, uint rules, out uint flags) => (uint)ToInteger(a, 32, signed, rules, out flags);

    /// <summary>The nearest integer of 64 bits.</summary>
    public static ulong ToInteger64(ulong a, bool signed, uint rules, out uint flags) => ToInteger(a, 64, signed, rules, out flags);

    /// <summary>The number nearest to an integer of 64 bits; narrower ones are extended first.</summary>
    public static ulong FromInteger(ulong value, bool signed, uint rules, out uint flags)
    {
        if (value + (1ul << 53) > 1ul << 54 || (!signed && (long)value < 0)) return SoftFloat.FromInteger(FloatFormat.Binary64, value, signed, rules, out flags);
        flags = 0;
        return Bits((long)value);
    }

    private static ulong ToInteger(ulong a, int width, bool signed, uint rules, out uint flags)
    {
        // Small numbers, cut: every width has them.
        if ((rules & FloatRules.Rounding) == FloatRules.TowardZero && Biased(a) - 1 < 1022 + 30 && (signed || (a & Sign) == 0))
        {
            long whole = (long)Value(a);
            flags = whole != Value(a) ? FloatFlags.Inexact : 0;
            return (ulong)whole;
        }

        return SoftFloat.ToInteger(FloatFormat.Binary64, a, width, signed, rules, out flags);
    }

    /// <summary>The exponent field; one less than 0 is a large number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Biased(ulong a) => (uint)(a >> 52) & 0x7FF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNormal(ulong a) => Biased(a) - 1 < 2046;

    /// <summary>Between 2^-900 and 2^900: what an error of a product or sum is made of is neither too large nor too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMiddling(ulong a) => Biased(a) - 123 < 1800;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Value(ulong a) => BitConverter.UInt64BitsToDouble(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(double a) => BitConverter.DoubleToUInt64Bits(a);
}
