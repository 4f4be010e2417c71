using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

/// <summary>Operators of the spec language that C# defines differently: shifts by the width or more, division by zero, rotations of odd widths.</summary>
public static class IsaMath
{
    /// <summary>Shift left; 0 when the count is 32 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Shl32(uint x, ulong count) => count < 32 ? x << (int)count : 0;

    /// <summary>Shift left; 0 when the count is 64 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Shl64(ulong x, ulong count) => count < 64 ? x << (int)count : 0;

    /// <summary>Shift left; 0 when the count is 128 or more.</summary>
    public static UInt128 Shl128(UInt128 x, UInt128 count) => count < 128 ? x << (int)count : 0;

    /// <summary>Shift left; 0 when the count is 32 or more.</summary>
    public static uint Shl32(uint x, UInt128 count) => count < 32 ? x << (int)count : 0;

    /// <summary>Shift left; 0 when the count is 64 or more.</summary>
    public static ulong Shl64(ulong x, UInt128 count) => count < 64 ? x << (int)count : 0;

    /// <summary>Shift right; 0 when the count is 32 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Shr32(uint x, ulong count) => count < 32 ? x >> (int)count : 0;

    /// <summary>Shift right; 0 when the count is 64 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Shr64(ulong x, ulong count) => count < 64 ? x >> (int)count : 0;

    /// <summary>Shift right; 0 when the count is 128 or more.</summary>
    public static UInt128 Shr128(UInt128 x, UInt128 count) => count < 128 ? x >> (int)count : 0;

    /// <summary>Shift right; 0 when the count is 32 or more.</summary>
    public static uint Shr32(uint x, UInt128 count) => count < 32 ? x >> (int)count : 0;

    /// <summary>Shift right; 0 when the count is 64 or more.</summary>
    public static ulong Shr64(ulong x, UInt128 count) => count < 64 ? x >> (int)count : 0;

    /// <summary>A count for an arithmetic shift of 32 bits: at most 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Clamp32(ulong count) => count < 31 ? (int)count : 31;

    /// <summary>A count for an arithmetic shift of 64 bits: at most 63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Clamp64(ulong count) => count < 63 ? (int)count : 63;

    /// <summary>A count for an arithmetic shift of 128 bits: at most 127.</summary>
    public static int Clamp128(ulong count) => count < 127 ? (int)count : 127;

    /// <summary>A count for an arithmetic shift of 32 bits: at most 31.</summary>
    public static int Clamp32(UInt128 count) => count < 31 ? (int)count : 31;

    /// <summary>A count for an arithmetic shift of 64 bits: at most 63.</summary>
    public static int Clamp64(UInt128 count) => count < 63 ? (int)count : 63;

    /// <summary>A count for an arithmetic shift of 128 bits: at most 127.</summary>
    public static int Clamp128(UInt128 count) => count < 127 ? (int)count : 127;

    /// <summary>Unsigned quotient; all ones when the divisor is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UDiv32(uint x, uint y) => y == 0 ? uint.MaxValue : x / y;

    /// <summary>Unsigned quotient; all ones when the divisor is 0. Operands that fit 32 bits take the much faster narrow division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UDiv64(ulong x, ulong y) => y == 0 ? ulong.MaxValue : (x | y) >> 32 == 0 ? (uint)x / (uint)y : x / y;

    /// <summary>Unsigned quotient; all ones when the divisor is 0.</summary>
    public static UInt128 UDiv128(UInt128 x, UInt128 y) => y == 0 ? UInt128.MaxValue : x / y;

    /// <summary>Unsigned remainder; the dividend when the divisor is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint URem32(uint x, uint y) => y == 0 ? x : x % y;

    /// <summary>Unsigned remainder; the dividend when the divisor is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong URem64(ulong x, ulong y) => y == 0 ? x : (x | y) >> 32 == 0 ? (uint)x % (uint)y : x % y;

    /// <summary>Unsigned remainder; the dividend when the divisor is 0.</summary>
    public static UInt128 URem128(UInt128 x, UInt128 y) => y == 0 ? x : x % y;

    /// <summary>Signed quotient towards zero; all ones when the divisor is 0; the most negative number by -1 is itself.</summary>
    public static int SDiv32(int x, int y) => y == 0 ? -1 : y == -1 ? -x : x / y;

    /// <summary>Signed quotient towards zero; all ones when the divisor is 0; the most negative number by -1 is itself.</summary>
    public static long SDiv64(long x, long y) => y == 0 ? -1 : y == -1 ? -x : x == (int)x && y == (int)y ? (int)x / (int)y : x / y;

    /// <summary>Signed quotient towards zero; all ones when the divisor is 0; the most negative number by -1 is itself.</summary>
    public static Int128 SDiv128(Int128 x, Int128 y) => y == 0 ? -1 : y == -1 ? -x : x / y;

    /// <summary>Signed remainder with the dividend's sign; the dividend when the divisor is 0.</summary>
    public static int SRem32(int x, int y) => y == 0 ? x : y == -1 ? 0 : x % y;

    /// <summary>Signed remainder with the dividend's sign; the dividend when the divisor is 0.</summary>
    public static long SRem64(long x, long y) => y == 0 ? x : y == -1 ? 0 : x == (int)x && y == (int)y ? (int)x % (int)y : x % y;

    /// <summary>Signed remainder with the dividend's sign; the dividend when the divisor is 0.</summary>
    public static Int128 SRem128(Int128 x, Int128 y) => y == 0 ? x : y == -1 ? 0 : x % y;

    /// <summary>Magnitude; that of the most negative number is itself.</summary>
    public static uint Abs32(int x) => (uint)(x < 0 ? -x : x);

    /// <summary>Magnitude; that of the most negative number is itself.</summary>
    public static ulong Abs64(long x) => (ulong)(x < 0 ? -x : x);

    /// <summary>Magnitude; that of the most negative number is itself.</summary>
    public static UInt128 Abs128(Int128 x) => (UInt128)(x < 0 ? -x : x);

    /// <summary>Rotation to the left of the low <paramref name="width"/> bits (2 to 31), the others being 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Rotl32(uint x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return ((x << n) | (x >> (width - n))) & (uint.MaxValue >> (32 - width));
    }

    /// <summary>Rotation to the right of the low <paramref name="width"/> bits (2 to 31), the others being 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Rotr32(uint x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return ((x >> n) | (x << (width - n))) & (uint.MaxValue >> (32 - width));
    }

    /// <summary>Rotation to the left of the low <paramref name="width"/> bits (33 to 63), the others being 0.</summary>
    public static ulong Rotl64(ulong x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return ((x << n) | (x >> (width - n))) & (ulong.MaxValue >> (64 - width));
    }

    /// <summary>Rotation to the right of the low <paramref name="width"/> bits (33 to 63), the others being 0.</summary>
    public static ulong Rotr64(ulong x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return ((x >> n) | (x << (width - n))) & (ulong.MaxValue >> (64 - width));
    }

    /// <summary>Rotation to the left of the low <paramref name="width"/> bits (65 to 128), the others being 0.</summary>
    public static UInt128 Rotl128(UInt128 x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return n == 0 ? x : ((x << n) | (x >> (width - n))) & (UInt128.MaxValue >> (128 - width));
    }

    /// <summary>Rotation to the right of the low <paramref name="width"/> bits (65 to 128), the others being 0.</summary>
    public static UInt128 Rotr128(UInt128 x, uint count, int width)
    {
        var n = (int)(count % (uint)width);
        return n == 0 ? x : ((x >> n) | (x << (width - n))) & (UInt128.MaxValue >> (128 - width));
    }
}
