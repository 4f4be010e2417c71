namespace Emulator.Runtime.FloatingPoint;

/// <summary>
/// What the standard (IEEE 754-2019) leaves to the user or to the architecture, as one number: a rounding mode, to which bits are added. Zero is RISC-V's choice
/// with rounding to nearest even.
/// </summary>
public static class FloatRules
{
    /// <summary>The bits of the rounding mode.</summary>
    public const uint Rounding = 7;

    /// <summary>To nearest, ties to even.</summary>
    public const uint NearestEven = 0;

    /// <summary>Towards zero.</summary>
    public const uint TowardZero = 1;

    /// <summary>Towards negative infinity.</summary>
    public const uint Down = 2;

    /// <summary>Towards positive infinity.</summary>
    public const uint Up = 3;

    /// <summary>To nearest, ties away from zero.</summary>
    public const uint NearestAway = 4;

    /// <summary>Tininess is detected before rounding (Arm), not after it (RISC-V, x86).</summary>
    public const uint TinyBeforeRounding = 1 << 3;

    /// <summary>The bits of the rule for a NaN as the result of NaN operands; zero: the default NaN (RISC-V, Arm with FPCR.DN).</summary>
    public const uint NanRule = 3 << 4;

    /// <summary>The first operand that is a NaN, made quiet (SSE).</summary>
    public const uint NanFirst = 1 << 4;

    /// <summary>The NaN with the larger significand, made quiet; of equal ones the positive (x87).</summary>
    public const uint NanLarger = 2 << 4;

    /// <summary>The first signalling NaN made quiet, else the first quiet one; in a fused multiplication the addend comes first (Arm).</summary>
    public const uint NanSignallingFirst = 3 << 4;

    /// <summary>The default NaN is negative (x86).</summary>
    public const uint DefaultNanNegative = 1 << 6;

    /// <summary>Infinity times zero plus a quiet NaN is not invalid (x86).</summary>
    public const uint InvalidProductQuiet = 1 << 7;

    /// <summary>The bits of the rule for conversions to integers that are invalid; zero: the nearest integer there is, for a NaN the largest (RISC-V).</summary>
    public const uint IntegerRule = 3 << 8;

    /// <summary>The nearest integer there is, for a NaN zero (Arm).</summary>
    public const uint NanToZero = 1 << 8;

    /// <summary>The highest bit alone for signed integers, all ones for unsigned (x86).</summary>
    public const uint IntegerIndefinite = 2 << 8;

    /// <summary>In a fused multiplication the product is negated, exactly, before the addition.</summary>
    public const uint NegateProduct = 1 << 10;

    /// <summary>In a fused multiplication the addend is negated.</summary>
    public const uint NegateAddend = 1 << 11;
}
