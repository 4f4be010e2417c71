using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>Bytes that go to one physical address, followed by zeros.</summary>
/// <param name="Address">Physical address.</param>
/// <param name="Content">Bytes of the file.</param>
/// <param name="MemorySize">Bytes in memory, at least as many.</param>
public sealed record LoadSegment(ulong Address, ReadOnlyMemory<byte> Content, ulong MemorySize)
{
    /// <summary>One past the last address.</summary>
    public ulong End => Address + MemorySize;

    /// <summary>Puts the bytes, and the zeros, into memory.</summary>
    internal void CopyInto(PhysicalMemory memory)
    {
        memory.CopyIn(Address, Content.Span);
        var zeros = new byte[PhysicalMemory.PageSize];
        for (ulong at = Address + (ulong)Content.Length; at < End; at += (ulong)zeros.Length)
            memory.CopyIn(at, zeros.AsSpan(0, (int)Math.Min((ulong)zeros.Length, End - at)));
    }
}
