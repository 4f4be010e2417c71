namespace Emulator.Runtime.Assembly;

/// <summary>A value determined while decoding.</summary>
/// <param name="Name">Its name in the decoded instruction.</param>
/// <param name="Index">Position among all of them.</param>
/// <param name="Kind">As in the spec's model: axis, variable, field, part, plus, formatfield, operand, attribute; or local.</param>
/// <param name="Width">Width in bits.</param>
internal sealed record DecodeVariable(string Name, int Index, string Kind, int Width)
{
    /// <summary>Holds a register reference.</summary>
    public bool IsRef { get; init; }

    /// <summary>Its value when decoding starts, where that is not one of the mode's.</summary>
    public UInt128 Initial { get; init; }

    /// <summary>Which of the mode's values it starts with; -1 for none.</summary>
    public int Mode { get; init; } = -1;

    /// <summary>For a part: the field, and the part's lowest bit.</summary>
    public DecodeVariable? Field { get; init; }

    public int LowBit { get; init; }

    /// <summary>For a field of an instruction word: its pieces, highest first, and the zero bits below.</summary>
    public (int High, int Low)[] Pieces { get; init; } = [];

    public int ShiftLeft { get; init; }

    /// <summary>Parts of a field.</summary>
    public List<DecodeVariable> Parts { get; } = [];

    /// <summary>Values of an axis; empty for others.</summary>
    public bool IsAxis { get; init; }

    public bool Equals(DecodeVariable? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Index;
}
