namespace Emulator.Runtime;

/// <summary>A state of the ISA and where it is stored.</summary>
public sealed record StateInfo
{
    /// <summary>Name in the spec.</summary>
    public required string Name { get; init; }

    /// <summary>Bits of one element.</summary>
    public required int Width { get; init; }

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Names of the elements, or empty.</summary>
    public IReadOnlyList<string> ElementNames { get; init; } = [];

    /// <summary>For a state of bit fields, the value of the bits that no field covers.</summary>
    public ulong FixedBits { get; init; }

    /// <summary>How it is stored.</summary>
    public IReadOnlyList<AtomInfo> Atoms { get; init; } = [];

    /// <summary>Resource roles: <c>pc</c>, <c>mode</c>, <c>relocation</c>, <c>interrupt</c>, <c>timer</c>, <c>io</c>, <c>identity</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Not architectural.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Recomputed from other states, never written by instructions.</summary>
    public bool IsDerived { get; init; }
}
