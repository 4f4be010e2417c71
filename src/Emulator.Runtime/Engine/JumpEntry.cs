using System.Runtime.InteropServices;

namespace Emulator.Runtime;

/// <summary>An entry of the direct-mapped cache from program counters to blocks (32 bytes).</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct JumpEntry
{
    public ulong Pc;

    /// <summary>Fetch generation, decode context and fetch mode the entry is valid for; 0 is never valid.</summary>
    public ulong Key;

    public Block* Block;

    /// <summary>The block's number of instructions.</summary>
    public long Count;
}
