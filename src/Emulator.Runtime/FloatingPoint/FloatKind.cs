namespace Emulator.Runtime.FloatingPoint;

/// <summary>Kinds of floating-point data.</summary>
internal enum FloatKind : byte
{
    /// <summary>A zero.</summary>
    Zero,

    /// <summary>A number other than zero, normal or subnormal.</summary>
    Finite,

    /// <summary>An infinity.</summary>
    Infinity,

    /// <summary>A NaN that operations pass on.</summary>
    QuietNan,

    /// <summary>A NaN that makes operations invalid.</summary>
    SignallingNan,
}
