namespace Emulator.Machines;

/// <summary>Bytes that go to one physical address, followed by zeros.</summary>
/// <param name="Address">Physical address.</param>
/// <param name="Content">Bytes of the file.</param>
/// <param name="MemorySize">Bytes in memory, at least as many.</param>
public sealed record LoadSegment(ulong Address, ReadOnlyMemory<byte> Content, ulong MemorySize)
{
    /// <summary>One past the last address.</summary>
    public ulong End => Address + MemorySize;
}
