using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>A state or record field made of bit fields: reads compose them over the reset value, writes spread.</summary>
public sealed class WholeState(string name, int width, int count)
{
    public string Name { get; } = name;

    public int Width { get; } = width;

    public int Count { get; } = count;

    /// <summary>Value of the bits no field covers.</summary>
    public BigInteger Fixed { get; set; }

    public List<StateAtom> Fields { get; } = new();
}
