using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>Zeroed native memory, aligned to 4096 bytes, that lives as long as this object.</summary>
public sealed unsafe class NativeBlock : IDisposable
{
    private const int Alignment = 4096;
    private readonly byte* _allocation;
    private bool _disposed;

    /// <summary>Allocates <paramref name="length"/> zero bytes.</summary>
    public NativeBlock(nuint length)
    {
        // calloc hands out untouched pages for large sizes, so that guest memory costs the host only what the guest uses.
        _allocation = (byte*)NativeMemory.AllocZeroed(length + Alignment);
        Pointer = (byte*)(((nuint)_allocation + Alignment - 1) & ~(nuint)(Alignment - 1));
        Length = length;
    }

    /// <summary>Frees the memory.</summary>
    ~NativeBlock() => Free();

    /// <summary>First byte; a multiple of 4096.</summary>
    public byte* Pointer { get; }

    /// <summary>Size in bytes.</summary>
    public nuint Length { get; }

    /// <summary>The bytes from <paramref name="offset"/> on; throws when they lie outside.</summary>
    public Span<byte> AsSpan(nuint offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + (nuint)length, Length);
        return new Span<byte>(Pointer + offset, length);
    }

    /// <summary>Frees the memory; pointers into it must not be used any more.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (!_disposed)
        {
            _disposed = true;
            NativeMemory.Free(_allocation);
        }
    }
}
