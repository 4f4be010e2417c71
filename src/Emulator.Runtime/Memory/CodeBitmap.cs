using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>Which bytes of a page were decoded: 4096 bits in native memory.</summary>
internal static unsafe class CodeBitmap
{
    private const int Words = 4096 / 64;

    public static ulong* Create() => (ulong*)NativeMemory.AllocZeroed(Words, sizeof(ulong));

    public static void Free(ulong* bits) => NativeMemory.Free(bits);

    public static void Clear(ulong* bits) => new Span<ulong>(bits, Words).Clear();

    public static bool IsEmpty(ulong* bits) => !new ReadOnlySpan<ulong>(bits, Words).ContainsAnyExcept(0UL);

    /// <summary>Sets the bits of the bytes from <paramref name="offset"/> on that lie in the page.</summary>
    public static void Mark(ulong* bits, int offset, int length)
    {
        for (var i = offset; i < offset + length && i < 4096; i++)
        {
            bits[i >> 6] |= 1UL << i;
        }
    }

    /// <summary>Whether one of at most 4096 bytes, all in the page, is marked.</summary>
    public static bool Overlaps(ulong* bits, int offset, int length)
    {
        var first = offset >> 6;
        var last = (offset + length - 1) >> 6;
        var firstMask = ulong.MaxValue << offset;
        var lastMask = ulong.MaxValue >> (63 - ((offset + length - 1) & 63));
        if (first == last)
        {
            return (bits[first] & firstMask & lastMask) != 0;
        }

        return (bits[first] & firstMask) != 0 || (bits[last] & lastMask) != 0
            || new ReadOnlySpan<ulong>(bits + first + 1, last - first - 1).ContainsAnyExcept(0UL);
    }
}
