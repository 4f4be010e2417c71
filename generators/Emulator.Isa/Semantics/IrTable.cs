using System.Collections.Immutable;
using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>A constant table of numbers (or of strings, for texts: then <see cref="Strings"/> is set).</summary>
public sealed class IrTable(string name, int width, ImmutableArray<BigInteger> values, ImmutableArray<string> strings)
{
    public string Name { get; } = name;

    public int Width { get; } = width;

    public ImmutableArray<BigInteger> Values { get; } = values;

    public ImmutableArray<string> Strings { get; } = strings;
}
