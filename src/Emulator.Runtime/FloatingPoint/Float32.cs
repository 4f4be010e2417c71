using System.Runtime.CompilerServices;

namespace Emulator.Runtime.FloatingPoint;

/// <summary>
/// Single-precision operations on encodings, for specs to declare as pure externs. The rules are those of <see cref="FloatRules"/>, the flags those of
/// <see cref="FloatFlags"/>. Where the host's arithmetic is provably the same (docs/decisions/0004-floating-point.md) it does the work.
/// </summary>
public static class Float32
{
    private const uint Sign = 1u << 31;

    /// <summary>a + b.</summary>
    public static uint Add(uint a, uint b, uint rules, out uint flags) =>
        HostFloat.IsNearestEven(rules) && Biased(a) - 1 < 250 && Biased(b) - 1 < 250 ? HostFloat.Sum(Value(a), Value(b), out flags) : (uint)SoftFloat.Add(FloatFormat.Binary32, a, b, false, rules, out flags);

    /// <summary>a - b.</summary>
    public static uint Subtract(uint a, uint b, uint rules, out uint flags) =>
        HostFloat.IsNearestEven(rules) && Biased(a) - 1 < 250 && Biased(b) - 1 < 250 ? HostFloat.Sum(Value(a), -Value(b), out flags) : (uint)SoftFloat.Add(FloatFormat.Binary32, a, b, true, rules, out flags);

    /// <summary>a * b.</summary>
    public static uint Multiply(uint a, uint b, uint rules, out uint flags)
    {
        if (HostFloat.IsNearestEven(rules) && IsNormal(a) && IsNormal(b))
        {
            // Exact in double precision.
            double exact = (double)Value(a) * Value(b);
            float product = (float)exact;
            if (IsWellInside(product))
            {
                flags = product != exact ? FloatFlags.Inexact : 0;
                return BitConverter.SingleToUInt32Bits(product);
            }
        }

        return (uint)SoftFloat.Multiply(FloatFormat.Binary32, a, b, rules, out flags);
    }

    /// <summary>a / b.</summary>
    public static uint Divide(uint a, uint b, uint rules, out uint flags)
    {
        if (HostFloat.IsNearestEven(rules) && IsNormal(a) && IsNormal(b))
        {
            float quotient = Value(a) / Value(b);
            if (IsWellInside(quotient))
            {
                flags = (double)quotient * Value(b) != Value(a) ? FloatFlags.Inexact : 0;
                return BitConverter.SingleToUInt32Bits(quotient);
            }
        }

        return (uint)SoftFloat.Divide(FloatFormat.Binary32, a, b, rules, out flags);
    }

    /// <summary>The square root.</summary>
    public static uint SquareRoot(uint a, uint rules, out uint flags)
    {
        if (HostFloat.IsNearestEven(rules) && (a & Sign) == 0 && IsNormal(a))
        {
            float root = MathF.Sqrt(Value(a));
            flags = (double)root * root != Value(a) ? FloatFlags.Inexact : 0;
            return BitConverter.SingleToUInt32Bits(root);
        }

        return (uint)SoftFloat.SquareRoot(FloatFormat.Binary32, a, rules, out flags);
    }

    /// <summary>a * b + c, rounded once; <see cref="FloatRules.NegateProduct"/> and <see cref="FloatRules.NegateAddend"/> apply.</summary>
    public static uint FusedMultiplyAdd(uint a, uint b, uint c, uint rules, out uint flags)
    {
        if (HostFloat.IsNearestEven(rules) && IsNormal(a) && IsNormal(b) && IsNormal(c))
        {
            // The product is exact in double precision, the error of the sum is known: made odd where there is one, the sum rounds as the exact one does.
            double product = (double)Value((rules & FloatRules.NegateProduct) != 0 ? a ^ Sign : a) * Value(b);
            double addend = Value((rules & FloatRules.NegateAddend) != 0 ? c ^ Sign : c);
            double sum = product + addend, error = HostFloat.Error(product, addend, sum);
            ulong bits = BitConverter.DoubleToUInt64Bits(sum);
            if (error != 0 && (bits & 1) == 0) bits = error > 0 == sum > 0 ? bits + 1 : bits - 1;
            double odd = BitConverter.UInt64BitsToDouble(bits);
            float result = (float)odd;
            if (IsWellInside(result))
            {
                flags = result != odd ? FloatFlags.Inexact : 0;
                return BitConverter.SingleToUInt32Bits(result);
            }
        }

        return (uint)SoftFloat.FusedMultiplyAdd(FloatFormat.Binary32, a, b, c, rules, out flags);
    }

    /// <summary>The smaller number (IEEE 754-2019, minimumNumber): a NaN counts for nothing, -0 is less than +0.</summary>
    public static uint Minimum(uint a, uint b, uint rules, out uint flags) => (uint)SoftFloat.Select(FloatFormat.Binary32, a, b, false, rules, out flags);

    /// <summary>The larger number (IEEE 754-2019, maximumNumber).</summary>
    public static uint Maximum(uint a, uint b, uint rules, out uint flags) => (uint)SoftFloat.Select(FloatFormat.Binary32, a, b, true, rules, out flags);

    /// <summary>How two numbers stand to each other: 0 equal, 1 less, 2 greater, 3 unordered. Where signalling, quiet NaNs are invalid too.</summary>
    public static uint Compare(uint a, uint b, bool signalling, out uint flags)
    {
        if (!IsNormal(a) || !IsNormal(b)) return SoftFloat.Compare(FloatFormat.Binary32, a, b, signalling, out flags);
        flags = 0;
        return Value(a) < Value(b) ? 1u : Value(a) > Value(b) ? 2u : 0;
    }

    /// <summary>What it is, 0 to 9: negative infinity, normal, subnormal, zero; positive zero, subnormal, normal, infinity; signalling, quiet NaN.</summary>
    public static uint Classify(uint a) => SoftFloat.Classify(FloatFormat.Binary32, a);

    /// <summary>The same number in double precision.</summary>
    public static ulong ToFloat64(uint a, uint rules, out uint flags)
    {
        if (!IsNormal(a)) return SoftFloat.Convert(FloatFormat.Binary32, FloatFormat.Binary64, a, rules, out flags);
        flags = 0;
        return BitConverter.DoubleToUInt64Bits(Value(a));
    }

    /// <summary>The nearest integer of 32 bits, in the low half.</summary>
    public static uint ToInteger32(uint a, bool signed, uint rules, out uint flags) => (uint)ToInteger(a, 32, signed, rules, out flags);

    /// <summary>The nearest integer of 64 bits.</summary>
    public static ulong ToInteger64(uint a, bool signed, uint rules, out uint flags) => ToInteger(a, 64, signed, rules, out flags);

    /// <summary>The number nearest to an integer of 64 bits; narrower ones are extended first.</summary>
    public static uint FromInteger(ulong value, bool signed, uint rules, out uint flags)
    {
        if (value + (1ul << 24) > 1ul << 25 || (!signed && (long)value < 0)) return (uint)SoftFloat.FromInteger(FloatFormat.Binary32, value, signed, rules, out flags);
        flags = 0;
        return BitConverter.SingleToUInt32Bits((long)value);
    }

    /// <summary>Whether a rounded number is finite and above the smallest normal one, which tiny numbers may have been rounded to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsWellInside(float a) => Biased(BitConverter.SingleToUInt32Bits(a)) - 2 < 253;

    private static ulong ToInteger(uint a, int width, bool signed, uint rules, out uint flags)
    {
        // Small numbers, cut: every width has them.
        if ((rules & FloatRules.Rounding) == FloatRules.TowardZero && Biased(a) - 1 < 126 + 30 && (signed || (a & Sign) == 0))
        {
            long whole = (long)Value(a);
            flags = whole != (double)Value(a) ? FloatFlags.Inexact : 0;
            return (ulong)whole;
        }

        return SoftFloat.ToInteger(FloatFormat.Binary32, a, width, signed, rules, out flags);
    }

    /// <summary>The exponent field; one less than 0 is a large number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Biased(uint a) => (a >> 23) & 0xFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNormal(uint a) => Biased(a) - 1 < 254;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Value(uint a) => BitConverter.UInt32BitsToSingle(a);
}
