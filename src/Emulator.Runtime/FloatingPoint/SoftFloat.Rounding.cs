namespace Emulator.Runtime.FloatingPoint;

/// <summary>Rounding, and what stands in for results that are no numbers.</summary>
internal static partial class SoftFloat
{
    /// <summary>Shifts right; a bit that is lost shows in the lowest one.</summary>
    internal static UInt128 ShiftRight(UInt128 x, int count)
    {
        if (count == 0) return x;
        if (count >= 128) return x != 0 ? 1u : 0u;
        return (x >> count) | (x << (128 - count) != 0 ? 1u : 0u);
    }

    /// <summary>Rounds significand * 2^(exponent - 127) to a format (IEEE 754-2019, 4.3 and 7.4 to 7.6).</summary>
    /// <param name="f">The format.</param>
    /// <param name="sign">Negative.</param>
    /// <param name="exponent">Exponent of the highest bit.</param>
    /// <param name="significand">The exact significand or, in its lowest bit, that there is more; its highest bit is set.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="flags">Where exceptions are added.</param>
    internal static ulong Round(FloatFormat f, bool sign, int exponent, UInt128 significand, uint rules, ref uint flags)
    {
        int dropped = 128 - f.Precision;
        bool subnormal = exponent < f.MinExponent;
        UInt128 shifted = subnormal ? ShiftRight(significand, f.MinExponent - exponent) : significand;
        ulong kept = Nearest(shifted, dropped, sign, rules, out bool inexact);
        if (inexact)
        {
            flags |= FloatFlags.Inexact;
            if (subnormal && ((rules & FloatRules.TinyBeforeRounding) != 0 || Tiny(f, exponent, significand, dropped, sign, rules))) flags |= FloatFlags.Underflow;
        }

        // A carry out of the significand runs into the exponent, which is what it should do.
        ulong biased = subnormal ? 0 : (ulong)(exponent + f.Bias - 1);
        if (!subnormal && exponent + (int)(kept >> f.Precision) > f.Bias)
        {
            flags |= FloatFlags.Overflow | FloatFlags.Inexact;
            return f.Zero(sign) | (f.Infinity - (StaysFinite(sign, rules) ? 1u : 0u));
        }

        return f.Zero(sign) | ((biased << (f.Precision - 1)) + kept);
    }

    /// <summary>Divides by 2^dropped and rounds to an integer.</summary>
    internal static ulong Nearest(UInt128 significand, int dropped, bool sign, uint rules, out bool inexact)
    {
        UInt128 lost = significand & (((UInt128)1 << dropped) - 1);
        UInt128 half = (UInt128)1 << (dropped - 1);
        ulong kept = (ulong)(significand >> dropped);
        inexact = lost != 0;
        bool up = (rules & FloatRules.Rounding) switch
        {
            FloatRules.NearestEven => lost > half || (lost == half && (kept & 1) != 0),
            FloatRules.Down => sign && inexact,
            FloatRules.Up => !sign && inexact,
            FloatRules.NearestAway => lost >= half,
            _ => false,
        };
        return up ? kept + 1 : kept;
    }

    /// <summary>Whether a number below the normal ones is still below them when it is rounded as if exponents had no end.</summary>
    private static bool Tiny(FloatFormat f, int exponent, UInt128 significand, int dropped, bool sign, uint rules) =>
        exponent < f.MinExponent - 1 || Nearest(significand, dropped, sign, rules, out _) >> f.Precision == 0;

    /// <summary>Whether an overflow gives the largest finite number.</summary>
    private static bool StaysFinite(bool sign, uint rules) => (rules & FloatRules.Rounding) switch
    {
        FloatRules.TowardZero => true,
        FloatRules.Down => !sign,
        FloatRules.Up => sign,
        _ => false,
    };

    private static ulong Invalid(FloatFormat f, uint rules, ref uint flags)
    {
        flags = FloatFlags.Invalid;
        return f.DefaultNan(rules);
    }

    /// <summary>The result of an operation of which an operand is a NaN.</summary>
    private static ulong Propagate(FloatFormat f, in Unpacked a, in Unpacked b, uint rules, ref uint flags)
    {
        if (a.Kind == FloatKind.SignallingNan || b.Kind == FloatKind.SignallingNan) flags |= FloatFlags.Invalid;
        switch (rules & FloatRules.NanRule)
        {
            case FloatRules.NanFirst: return f.QuietNan(a.IsNan ? a : b);
            case FloatRules.NanSignallingFirst:
                return f.QuietNan(a.Kind == FloatKind.SignallingNan ? a : b.Kind == FloatKind.SignallingNan ? b : a.IsNan ? a : b);
            case FloatRules.NanLarger:
                if (!a.IsNan) return f.QuietNan(b);
                if (!b.IsNan) return f.QuietNan(a);
                if (a.Kind != b.Kind) return f.QuietNan(a.Kind == FloatKind.QuietNan ? a : b);
                if (a.Significand != b.Significand) return f.QuietNan(a.Significand > b.Significand ? a : b);
                return f.QuietNan(a.Sign ? b : a);
            default: return f.DefaultNan(rules);
        }
    }

    /// <summary>The same for three operands, the last of which is the addend.</summary>
    private static ulong Propagate(FloatFormat f, in Unpacked a, in Unpacked b, in Unpacked c, uint rules, ref uint flags)
    {
        if (a.Kind == FloatKind.SignallingNan || b.Kind == FloatKind.SignallingNan || c.Kind == FloatKind.SignallingNan) flags |= FloatFlags.Invalid;
        if ((rules & FloatRules.NanRule) == FloatRules.NanSignallingFirst)
        {
            if (c.Kind == FloatKind.SignallingNan) return f.QuietNan(c);
            if (a.Kind == FloatKind.SignallingNan) return f.QuietNan(a);
            if (b.Kind == FloatKind.SignallingNan) return f.QuietNan(b);
            return f.QuietNan(c.IsNan ? c : a.IsNan ? a : b);
        }

        if ((rules & FloatRules.NanRule) == 0) return f.DefaultNan(rules);
        return a.IsNan || b.IsNan ? Propagate(f, a, b, rules, ref flags) : f.QuietNan(c);
    }
}
