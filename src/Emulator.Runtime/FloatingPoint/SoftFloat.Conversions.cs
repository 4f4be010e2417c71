using System.Numerics;

namespace Emulator.Runtime.FloatingPoint;

/// <summary>Conversions, comparison, classification.</summary>
internal static partial class SoftFloat
{
    /// <summary>Another format's number.</summary>
    public static ulong Convert(FloatFormat from, FloatFormat to, ulong x, uint rules, out uint flags)
    {
        Unpacked a = from.Unpack(x);
        flags = 0;
        switch (a.Kind)
        {
            case FloatKind.Zero: return to.Zero(a.Sign);
            case FloatKind.Infinity: return to.InfinityOf(a.Sign);
            case FloatKind.Finite:
                NoteSubnormal(a, ref flags);
                return Round(to, a.Sign, a.Exponent, (UInt128)a.Significand << 64, rules, ref flags);
            default: return Propagate(to, a, a, rules, ref flags);
        }
    }

    /// <summary>The nearest integer of a width, 8 to 64 bits, sign-extended where signed (IEEE 754-2019, 5.8). Not being a whole number is inexact.</summary>
    public static ulong ToInteger(FloatFormat f, ulong x, int width, bool signed, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x);
        flags = 0;
        if (a.Kind == FloatKind.Zero) return 0;
        if (a.Kind != FloatKind.Finite) return NoInteger(a, width, signed, rules, out flags);
        if (a.Exponent >= width) return NoInteger(a, width, signed, rules, out flags);

        // Units at bit 64; a number too small to have any bit above it leaves its trace below.
        UInt128 aligned = ShiftRight((UInt128)a.Significand << 64, 63 - a.Exponent);
        ulong magnitude = Nearest(aligned, 64, a.Sign, rules, out bool inexact);
        ulong limit = signed ? (1ul << (width - 1)) - (a.Sign ? 0u : 1u) : a.Sign ? 0 : ulong.MaxValue >> (64 - width);

        if (magnitude > limit) return NoInteger(a, width, signed, rules, out flags);
        if (inexact) flags |= FloatFlags.Inexact;
        return a.Sign ? unchecked((ulong)-(long)magnitude) : magnitude;
    }

    /// <summary>The number nearest to an integer of 64 bits.</summary>
    public static ulong FromInteger(FloatFormat f, ulong value, bool signed, uint rules, out uint flags)
    {
        flags = 0;
        if (value == 0) return 0;
        bool sign = signed && (long)value < 0;
        ulong magnitude = sign ? unchecked((ulong)-(long)value) : value;
        int zeros = BitOperations.LeadingZeroCount(magnitude);
        return Round(f, sign, 63 - zeros, (UInt128)(magnitude << zeros) << 64, rules, ref flags);
    }

    /// <summary>How two numbers stand to each other: 0 equal, 1 less, 2 greater, 3 unordered.</summary>
    /// <param name="f">The format.</param>
    /// <param name="x">The left one.</param>
    /// <param name="y">The right one.</param>
    /// <param name="signalling">Quiet NaNs are invalid too.</param>
    /// <param name="flags">Exceptions.</param>
    public static uint Compare(FloatFormat f, ulong x, ulong y, bool signalling, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y);
        flags = 0;
        if (a.IsNan || b.IsNan)
        {
            if (signalling || a.Kind == FloatKind.SignallingNan || b.Kind == FloatKind.SignallingNan) flags = FloatFlags.Invalid;
            return Unordered;
        }

        NoteSubnormal(a, ref flags);
        NoteSubnormal(b, ref flags);
        return Order(f, x, y, zerosEqual: true);
    }

    /// <summary>The smaller number, or the larger (IEEE 754-2019, 9.6, minimumNumber and maximumNumber): of a number and a NaN the number; -0 is less than +0.</summary>
    public static ulong Select(FloatFormat f, ulong x, ulong y, bool larger, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y);
        flags = a.Kind == FloatKind.SignallingNan || b.Kind == FloatKind.SignallingNan ? FloatFlags.Invalid : 0;
        if (a.IsNan && b.IsNan) return Propagate(f, a, b, rules, ref flags);
        if (a.IsNan) return y;
        if (b.IsNan) return x;
        return Order(f, x, y, zerosEqual: false) == (larger ? Greater : Less) ? x : y;
    }

    /// <summary>0 to 9: negative infinity, normal, subnormal, zero; positive zero, subnormal, normal, infinity; signalling, quiet NaN.</summary>
    public static uint Classify(FloatFormat f, ulong x)
    {
        Unpacked a = f.Unpack(x);
        uint positive = a.Kind switch
        {
            FloatKind.Zero => 4,
            FloatKind.Finite => a.Subnormal ? 5u : 6u,
            FloatKind.Infinity => 7,
            FloatKind.SignallingNan => 8,
            _ => 9,
        };
        return a.Sign && positive < 8 ? 7 - positive : positive;
    }

    private const uint Equal = 0, Less = 1, Greater = 2, Unordered = 3;

    private static uint Order(FloatFormat f, ulong x, ulong y, bool zerosEqual)
    {
        long a = Ordinal(f, x, zerosEqual), b = Ordinal(f, y, zerosEqual);
        return a == b ? Equal : a < b ? Less : Greater;
    }

    /// <summary>A number that orders as the encoding's value does.</summary>
    private static long Ordinal(FloatFormat f, ulong x, bool zerosEqual)
    {
        long magnitude = (long)(x & (f.SignBit - 1));
        return (x & f.SignBit) == 0 ? magnitude : zerosEqual ? -magnitude : ~magnitude;
    }

    /// <summary>What stands for an integer that does not exist.</summary>
    private static ulong NoInteger(in Unpacked a, int width, bool signed, uint rules, out uint flags)
    {
        flags = FloatFlags.Invalid;
        ulong highest = 1ul << (width - 1), lowest = unchecked((ulong)-(long)highest), most = signed ? highest - 1 : ulong.MaxValue >> (64 - width);
        uint rule = rules & FloatRules.IntegerRule;
        if (rule == FloatRules.IntegerIndefinite) return signed ? lowest : most;
        if (a.IsNan) return rule == FloatRules.NanToZero ? 0 : most;
        return !a.Sign ? most : signed ? lowest : 0;
    }
}
