using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>Head of a decoded basic block in the arena (64 bytes); its operations follow it immediately, then the end operation when it needs one.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Block
{
    /// <summary>No second page.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>Program counter of the first instruction.</summary>
    public ulong Pc;

    /// <summary>Masked physical address of the first byte.</summary>
    public ulong Physical;

    /// <summary>Physical address of the page the last instruction reaches into, or <see cref="None"/>.</summary>
    public ulong Physical2;

    /// <summary>Next block in the chain of the hash table.</summary>
    public Block* HashNext;

    /// <summary>Next block in the list of the first page.</summary>
    public Block* PageNext;

    /// <summary>Next block in the list of the second page.</summary>
    public Block* PageNext2;

    /// <summary>Decode context it was decoded in.</summary>
    public int Context;

    /// <summary>Number of instructions.</summary>
    public ushort Count;

    /// <summary>Number of bytes it was decoded from.</summary>
    public ushort Length;

    /// <summary>Bytes of <see cref="Length"/> that lie in the first page.</summary>
    public readonly int FirstLength => Physical2 == None ? Length : 4096 - (int)(Physical & 0xFFF);
}
