using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

/// <summary>Unaligned little-endian access to host memory by size in bytes.</summary>
internal static unsafe class HostAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* p, int size) => size switch
    {
        1 => *p,
        2 => Unsafe.ReadUnaligned<ushort>(p),
        4 => Unsafe.ReadUnaligned<uint>(p),
        8 => Unsafe.ReadUnaligned<ulong>(p),
        _ => ReadOdd(p, size),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* p, int size, ulong value)
    {
        switch (size)
        {
            case 1: *p = (byte)value; break;
            case 2: Unsafe.WriteUnaligned(p, (ushort)value); break;
            case 4: Unsafe.WriteUnaligned(p, (uint)value); break;
            case 8: Unsafe.WriteUnaligned(p, value); break;
            default: WriteOdd(p, size, value); break;
        }
    }

    private static ulong ReadOdd(byte* p, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= (ulong)p[i] << (8 * i);
        }

        return value;
    }

    private static void WriteOdd(byte* p, int size, ulong value)
    {
        for (var i = 0; i < size; i++)
        {
            p[i] = (byte)(value >> (8 * i));
        }
    }
}
