namespace Emulator.Runtime.FloatingPoint;

/// <summary>The exceptions of IEEE 754-2019, chapter 7, at the positions of RISC-V's fflags; and x86's denormal operand.</summary>
public static class FloatFlags
{
    /// <summary>The result is not the exact one.</summary>
    public const uint Inexact = 1;

    /// <summary>The result is tiny and inexact.</summary>
    public const uint Underflow = 2;

    /// <summary>The result would be larger than any finite number.</summary>
    public const uint Overflow = 4;

    /// <summary>An exact infinity from finite operands.</summary>
    public const uint DivideByZero = 8;

    /// <summary>No result is meaningful, or an operand is a signalling NaN.</summary>
    public const uint Invalid = 16;

    /// <summary>An operand that takes part in the computation is subnormal.</summary>
    public const uint DenormalOperand = 32;
}
