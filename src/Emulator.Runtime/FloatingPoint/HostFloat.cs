using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Emulator.Runtime.FloatingPoint;

/// <summary>
/// The host's arithmetic, which rounds to nearest even and says nothing of exceptions: that a result is inexact is seen in its error, which error-free
/// transformations find exactly as long as nothing over- or underflows. Why that holds: docs/decisions/0004-floating-point.md.
/// </summary>
internal static class HostFloat
{
    /// <summary>Whether the host fuses multiplication and addition; emulated, that costs more than our own arithmetic.</summary>
    private static readonly bool Fuses = Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Whether the rules ask for the host's rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNearestEven(uint rules) => (rules & FloatRules.Rounding) == FloatRules.NearestEven;

    /// <summary>Whether the rules ask for the host's rounding, and the host can compute a remainder in one operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasExactRemainders(uint rules) => IsNearestEven(rules) && Fuses;

    /// <summary>A sum, neither term of which is above 2^1021. It cannot underflow: a subnormal sum is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum(double a, double b, out uint flags)
    {
        double sum = a + b;
        flags = Error(a, b, sum) != 0 ? FloatFlags.Inexact : 0;
        return BitConverter.DoubleToUInt64Bits(sum);
    }

    /// <summary>A sum, neither term of which is above 2^124.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Sum(float a, float b, out uint flags)
    {
        float sum = a + b;
        float second = sum - a;
        float error = (a - (sum - second)) + (b - second);
        flags = error != 0 ? FloatFlags.Inexact : 0;
        return BitConverter.SingleToUInt32Bits(sum);
    }

    /// <summary>a * b + c; the product and the addend are between 2^-900 and 2^900. What is lost is the sum of two numbers (Boldo and Muller, 2005), here zero or not.</summary>
    public static ulong FusedSum(double a, double b, double c, double product, out uint flags)
    {
        double result = Math.FusedMultiplyAdd(a, b, c);
        double lowProduct = Math.FusedMultiplyAdd(a, b, -product);
        double middle = c + lowProduct, low = Error(c, lowProduct, middle);
        double high = product + middle, rest = Error(product, middle, high);
        flags = ((high - result) + rest) + low != 0 ? FloatFlags.Inexact : 0;
        return BitConverter.DoubleToUInt64Bits(result);
    }

    /// <summary>a + b - sum, exactly, for the rounded sum (Knuth's TwoSum).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Error(double a, double b, double sum)
    {
        double second = sum - a;
        return (a - (sum - second)) + (b - second);
    }
}
