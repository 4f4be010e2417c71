namespace Emulator.Runtime.FloatingPoint;

/// <summary>A datum of any format: a finite one is Significand * 2^(Exponent - 63), with the significand's highest bit set. A NaN has its fraction below that bit.</summary>
internal readonly struct Unpacked(FloatKind kind, bool sign, int exponent, ulong significand, bool subnormal)
{
    /// <summary>What it is.</summary>
    public FloatKind Kind { get; } = kind;

    /// <summary>Negative.</summary>
    public bool Sign { get; } = sign;

    /// <summary>Exponent of the highest bit.</summary>
    public int Exponent { get; } = exponent;

    /// <summary>The significand, left-aligned.</summary>
    public ulong Significand { get; } = significand;

    /// <summary>The encoding was that of a subnormal number.</summary>
    public bool Subnormal { get; } = subnormal;

    /// <summary>A NaN of either kind.</summary>
    public bool IsNan => Kind >= FloatKind.QuietNan;

    /// <summary>The same with the other sign, where asked.</summary>
    public Unpacked Negate(bool negate) => new(Kind, Sign ^ negate, Exponent, Significand, Subnormal);
}
