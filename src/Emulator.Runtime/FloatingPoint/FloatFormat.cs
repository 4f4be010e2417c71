namespace Emulator.Runtime.FloatingPoint;

/// <summary>A binary interchange format of at most 64 bits (IEEE 754-2019, 3.4).</summary>
internal readonly struct FloatFormat
{
    private FloatFormat(int bits, int precision)
    {
        Bits = bits;
        Precision = precision;
        Bias = (1 << (bits - precision - 1)) - 1;
    }

    /// <summary>Half precision.</summary>
    public static FloatFormat Binary16 => new(16, 11);

    /// <summary>Single precision.</summary>
    public static FloatFormat Binary32 => new(32, 24);

    /// <summary>Double precision.</summary>
    public static FloatFormat Binary64 => new(64, 53);

    /// <summary>Width of the encoding in bits.</summary>
    public int Bits { get; }

    /// <summary>Bits of the significand, the hidden one included.</summary>
    public int Precision { get; }

    /// <summary>What is added to an exponent in the encoding; also the largest exponent.</summary>
    public int Bias { get; }

    /// <summary>The smallest exponent of a normal number.</summary>
    public int MinExponent => 1 - Bias;

    /// <summary>The encoding's sign bit.</summary>
    public ulong SignBit => 1ul << (Bits - 1);

    /// <summary>The encoding's fraction.</summary>
    public ulong FractionMask => (1ul << (Precision - 1)) - 1;

    /// <summary>The encoding of positive infinity.</summary>
    public ulong Infinity => (ulong)((2 * Bias) + 1) << (Precision - 1);

    /// <summary>The fraction's highest bit, which tells quiet NaNs from signalling ones.</summary>
    public ulong QuietBit => 1ul << (Precision - 2);

    /// <summary>Takes an encoding apart. Bits above the format's are not looked at.</summary>
    public Unpacked Unpack(ulong bits)
    {
        bool sign = (bits & SignBit) != 0;
        ulong fraction = bits & FractionMask;
        int biased = (int)(bits >> (Precision - 1)) & ((2 * Bias) + 1);
        if (biased == (2 * Bias) + 1)
        {
            FloatKind kind = fraction == 0 ? FloatKind.Infinity : (fraction & QuietBit) != 0 ? FloatKind.QuietNan : FloatKind.SignallingNan;
            return new Unpacked(kind, sign, 0, fraction << (64 - Precision), false);
        }

        if (biased != 0)
        {
            return new Unpacked(FloatKind.Finite, sign, biased - Bias, (fraction << (64 - Precision)) | (1ul << 63), false);
        }

        if (fraction == 0)
        {
            return new Unpacked(FloatKind.Zero, sign, 0, 0, false);
        }

        int zeros = System.Numerics.BitOperations.LeadingZeroCount(fraction);
        return new Unpacked(FloatKind.Finite, sign, MinExponent - (zeros - (64 - Precision)), fraction << zeros, true);
    }

    /// <summary>The encoding of a zero.</summary>
    public ulong Zero(bool sign) => sign ? SignBit : 0;

    /// <summary>The encoding of an infinity.</summary>
    public ulong InfinityOf(bool sign) => Zero(sign) | Infinity;

    /// <summary>The NaN that operations on numbers give.</summary>
    public ulong DefaultNan(uint rules) => Zero((rules & FloatRules.DefaultNanNegative) != 0) | Infinity | QuietBit;

    /// <summary>The encoding of a quiet NaN with the payload of an operand, as much of it as fits.</summary>
    public ulong QuietNan(in Unpacked nan) => Zero(nan.Sign) | Infinity | QuietBit | (nan.Significand >> (64 - Precision));
}
