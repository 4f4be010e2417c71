using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>One entry of the direct-mapped software TLB: page addresses per access kind and the distance to host memory.</summary>
/// <remarks>A tag is the page address (low 12 bits clear), or <see cref="Invalid"/>. A hit for an access of n bytes at a is
/// <c>tag == ((a + n - 1) &amp; ~0xFFF)</c> in the entry of a's page: an access that crosses a page never hits.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
public unsafe struct TlbEntry
{
    /// <summary>Tag that no page address equals.</summary>
    public const ulong Invalid = 1;

    /// <summary>Number of entries per table (a power of two): 8 MB of pages, so that a working set of a few megabytes does not thrash it.</summary>
    public const int Count = 2048;

    public ulong ReadTag, WriteTag, FetchTag;

    /// <summary>Host address minus guest address: <c>*(T*)(Addend + address)</c>.</summary>
    public nint Addend;
}
