using System.Numerics;

namespace Emulator.Runtime.FloatingPoint;

/// <summary>
/// Floating-point operations on encodings, computed with integers: exactly first, in 128 or 256 bits, then rounded once. The operations of IEEE 754-2019, 5.4,
/// under <see cref="FloatRules"/>. Everything is a function of its arguments; nothing is allocated.
/// </summary>
internal static partial class SoftFloat
{
    /// <summary>The sum of two numbers; the difference where <paramref name="subtract"/>.</summary>
    public static ulong Add(FloatFormat f, ulong x, ulong y, bool subtract, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y);
        flags = 0;
        if (a.IsNan || b.IsNan) return Propagate(f, a, b, rules, ref flags);
        b = b.Negate(subtract);
        NoteSubnormal(a, ref flags);
        NoteSubnormal(b, ref flags);
        if (a.Kind == FloatKind.Infinity) return b.Kind == FloatKind.Infinity && a.Sign != b.Sign ? Invalid(f, rules, ref flags) : f.InfinityOf(a.Sign);
        if (b.Kind == FloatKind.Infinity) return f.InfinityOf(b.Sign);
        if (a.Kind == FloatKind.Zero && b.Kind == FloatKind.Zero) return f.Zero(ZeroSign(a.Sign, b.Sign, rules));
        if (a.Kind == FloatKind.Zero) return subtract ? y ^ f.SignBit : y;
        if (b.Kind == FloatKind.Zero) return x;

        if (a.Exponent < b.Exponent || (a.Exponent == b.Exponent && a.Significand < b.Significand)) (a, b) = (b, a);
        UInt128 large = (UInt128)a.Significand << 63;
        UInt128 small = ShiftRight((UInt128)b.Significand << 63, a.Exponent - b.Exponent);
        UInt128 sum = a.Sign == b.Sign ? large + small : large - small;
        if (sum == 0) return f.Zero(ZeroSign(false, true, rules));
        int zeros = (int)UInt128.LeadingZeroCount(sum);
        return Round(f, a.Sign, a.Exponent + 1 - zeros, sum << zeros, rules, ref flags);
    }

    /// <summary>The product.</summary>
    public static ulong Multiply(FloatFormat f, ulong x, ulong y, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y);
        flags = 0;
        if (a.IsNan || b.IsNan) return Propagate(f, a, b, rules, ref flags);
        bool sign = a.Sign ^ b.Sign;
        NoteSubnormal(a, ref flags);
        NoteSubnormal(b, ref flags);
        if (a.Kind == FloatKind.Infinity || b.Kind == FloatKind.Infinity)
        {
            return a.Kind == FloatKind.Zero || b.Kind == FloatKind.Zero ? Invalid(f, rules, ref flags) : f.InfinityOf(sign);
        }

        if (a.Kind == FloatKind.Zero || b.Kind == FloatKind.Zero) return f.Zero(sign);
        UInt128 product = Product(a, b, out int exponent);
        return Round(f, sign, exponent, product, rules, ref flags);
    }

    /// <summary>The quotient.</summary>
    public static ulong Divide(FloatFormat f, ulong x, ulong y, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y);
        flags = 0;
        if (a.IsNan || b.IsNan) return Propagate(f, a, b, rules, ref flags);
        bool sign = a.Sign ^ b.Sign;
        NoteSubnormal(a, ref flags);
        NoteSubnormal(b, ref flags);
        if (a.Kind == FloatKind.Infinity) return b.Kind == FloatKind.Infinity ? Invalid(f, rules, ref flags) : f.InfinityOf(sign);
        if (b.Kind == FloatKind.Infinity) return f.Zero(sign);
        if (b.Kind == FloatKind.Zero)
        {
            if (a.Kind == FloatKind.Zero) return Invalid(f, rules, ref flags);
            flags = FloatFlags.DivideByZero;
            return f.InfinityOf(sign);
        }

        if (a.Kind == FloatKind.Zero) return f.Zero(sign);

        // The quotient in two pieces of 64 bits; what remains shows in the lowest bit.
        (UInt128 high, UInt128 rest) = UInt128.DivRem((UInt128)a.Significand << 63, b.Significand);
        (UInt128 low, rest) = UInt128.DivRem(rest << 64, b.Significand);
        UInt128 quotient = (high << 64) | low | (rest != 0 ? 1u : 0u);
        int zeros = (int)UInt128.LeadingZeroCount(quotient);
        return Round(f, sign, a.Exponent - b.Exponent - zeros, quotient << zeros, rules, ref flags);
    }

    /// <summary>The square root.</summary>
    public static ulong SquareRoot(FloatFormat f, ulong x, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x);
        flags = 0;
        if (a.IsNan) return Propagate(f, a, a, rules, ref flags);
        if (a.Kind == FloatKind.Zero) return x;
        if (a.Sign) return Invalid(f, rules, ref flags);
        if (a.Kind == FloatKind.Infinity) return x;
        NoteSubnormal(a, ref flags);
        UInt128 radicand = (UInt128)a.Significand << ((a.Exponent & 1) != 0 ? 64 : 63);
        ulong root = Root(radicand);
        UInt128 rest = radicand - Math.BigMul(root, root);

        // The bit below the root: whether (root + 1/2)^2 is less than the radicand. They are never equal.
        UInt128 significand = ((UInt128)root << 64) | (rest > root ? (UInt128)1 << 63 : 0) | (rest != 0 ? 1u : 0u);
        return Round(f, false, a.Exponent >> 1, significand, rules, ref flags);
    }

    /// <summary>x * y + z, rounded once.</summary>
    public static ulong FusedMultiplyAdd(FloatFormat f, ulong x, ulong y, ulong z, uint rules, out uint flags)
    {
        Unpacked a = f.Unpack(x), b = f.Unpack(y), c = f.Unpack(z);
        flags = 0;
        bool invalid = (a.Kind == FloatKind.Infinity && b.Kind == FloatKind.Zero) || (a.Kind == FloatKind.Zero && b.Kind == FloatKind.Infinity);
        if (a.IsNan || b.IsNan || c.IsNan)
        {
            if (invalid && (rules & FloatRules.InvalidProductQuiet) == 0)
            {
                flags |= FloatFlags.Invalid;
                if ((rules & FloatRules.NanRule) == FloatRules.NanSignallingFirst && c.Kind == FloatKind.QuietNan) return f.DefaultNan(rules);
            }

            return Propagate(f, a, b, c, rules, ref flags);
        }

        if (invalid) return Invalid(f, rules, ref flags);
        NoteSubnormal(a, ref flags);
        NoteSubnormal(b, ref flags);
        NoteSubnormal(c, ref flags);
        bool sign = a.Sign ^ b.Sign ^ ((rules & FloatRules.NegateProduct) != 0);
        c = c.Negate((rules & FloatRules.NegateAddend) != 0);
        if (a.Kind == FloatKind.Infinity || b.Kind == FloatKind.Infinity)
        {
            return c.Kind == FloatKind.Infinity && c.Sign != sign ? Invalid(f, rules, ref flags) : f.InfinityOf(sign);
        }

        if (c.Kind == FloatKind.Infinity) return f.InfinityOf(c.Sign);
        if (a.Kind == FloatKind.Zero || b.Kind == FloatKind.Zero)
        {
            if (c.Kind == FloatKind.Zero) return f.Zero(ZeroSign(sign, c.Sign, rules));
            return (z & ~f.SignBit) | f.Zero(c.Sign);
        }

        UInt128 product = Product(a, b, out int exponent);
        return c.Kind == FloatKind.Zero
            ? Round(f, sign, exponent, product, rules, ref flags)
            : AddProduct(f, sign, exponent, product, c, rules, ref flags);
    }

    /// <summary>The sum of a product of 128 bits and a number, in 256 bits.</summary>
    private static ulong AddProduct(FloatFormat f, bool sign, int exponent, UInt128 product, in Unpacked c, uint rules, ref uint flags)
    {
        UInt128 large = product, small = (UInt128)c.Significand << 64;
        bool smallSign = c.Sign;
        int smallExponent = c.Exponent;
        if (exponent < smallExponent || (exponent == smallExponent && large < small))
        {
            (large, small) = (small, large);
            (sign, smallSign) = (smallSign, sign);
            (exponent, smallExponent) = (smallExponent, exponent);
        }

        // One bit of room above; the smaller is shifted right, and what leaves at the end shows in the lowest bit.
        UInt128 high = large >> 1, low = large << 127;
        int distance = exponent - smallExponent + 1;
        UInt128 smallHigh, smallLow;
        if (distance < 128)
        {
            smallHigh = small >> distance;
            smallLow = small << (128 - distance);
        }
        else
        {
            smallHigh = 0;
            smallLow = ShiftRight(small, distance - 128);
        }

        if (sign == smallSign)
        {
            low += smallLow;
            high += smallHigh + (low < smallLow ? 1u : 0u);
        }
        else
        {
            UInt128 borrow = low < smallLow ? 1u : 0u;
            low -= smallLow;
            high -= smallHigh + borrow;
        }

        if (high == 0)
        {
            if (low == 0) return f.Zero(ZeroSign(false, true, rules));
            (high, low) = (low, 0);
            exponent -= 128;
        }

        int zeros = (int)UInt128.LeadingZeroCount(high);
        if (zeros > 0)
        {
            high = (high << zeros) | (low >> (128 - zeros));
            low <<= zeros;
        }

        return Round(f, sign, exponent + 1 - zeros, high | (low != 0 ? 1u : 0u), rules, ref flags);
    }

    /// <summary>The exact product of two finite numbers, left-aligned.</summary>
    private static UInt128 Product(in Unpacked a, in Unpacked b, out int exponent)
    {
        UInt128 product = Math.BigMul(a.Significand, b.Significand);
        int zeros = (int)(product >> 127) ^ 1;
        exponent = a.Exponent + b.Exponent + 1 - zeros;
        return product << zeros;
    }

    /// <summary>The integer part of a square root.</summary>
    private static ulong Root(UInt128 radicand)
    {
        double estimate = Math.Sqrt((double)radicand);
        ulong root = estimate >= 18446744073709549568.0 ? ulong.MaxValue : (ulong)estimate;

        // The estimate has 52 bits right; a step of Newton's doubles that, and leaves at most a few units.
        UInt128 better = ((UInt128)root + (radicand / root)) >> 1;
        root = better > ulong.MaxValue ? ulong.MaxValue : (ulong)better;
        while (Math.BigMul(root, root) > radicand) root--;
        while (root != ulong.MaxValue && Math.BigMul(root + 1, root + 1) <= radicand) root++;
        return root;
    }

    /// <summary>The sign of an exact zero sum.</summary>
    private static bool ZeroSign(bool a, bool b, uint rules) => a == b ? a : (rules & FloatRules.Rounding) == FloatRules.Down;

    private static void NoteSubnormal(in Unpacked a, ref uint flags)
    {
        if (a.Subnormal) flags |= FloatFlags.DenormalOperand;
    }
}
