using Emulator.Isa.Semantics;

namespace Emulator.Replay.Check;

/// <summary>An element of a state and where it stands in the state structure.</summary>
/// <param name="Atom">The state.</param>
/// <param name="Element">Its element.</param>
/// <param name="Offset">Bytes from the start of the structure.</param>
/// <param name="Size">Bytes it takes: 1, 2, 4, 8 or 16.</param>
internal readonly record struct StatePlace(StateAtom Atom, int Element, int Offset, int Size)
{
    /// <summary>Sets the element in a copy of the structure.</summary>
    /// <param name="high">Bits 64 and up of what is wider.</param>
    public unsafe void Write(byte* structure, ulong value, ulong high = 0)
    {
        var at = structure + Offset;
        switch (Size)
        {
            case 1: *at = (byte)value; break;
            case 2: *(ushort*)at = (ushort)value; break;
            case 4: *(uint*)at = (uint)value; break;
            case 8: *(ulong*)at = value; break;
            default: (*(ulong*)at, *(ulong*)(at + 8)) = (value, high); break;
        }
    }

    /// <summary>The element of a copy of the structure.</summary>
    public unsafe UInt128 Read(byte* structure)
    {
        var at = structure + Offset;
        return Size switch
        {
            1 => *at,
            2 => *(ushort*)at,
            4 => *(uint*)at,
            8 => *(ulong*)at,
            _ => new UInt128(*(ulong*)(at + 8), *(ulong*)at),
        };
    }
}
