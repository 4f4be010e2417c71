namespace Emulator.Isa.Semantics;

/// <summary>The identity of a read-modify-write access to memory within one body.</summary>
public sealed class IrAccess(string name, MemorySpec memory, int width)
{
    public string Name { get; } = name;

    public MemorySpec Memory { get; } = memory;

    public int Width { get; } = width;
}
