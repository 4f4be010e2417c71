using System.Collections.Immutable;
using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>A value determined while decoding. All of them are fields of the generated decoded-instruction structure.</summary>
public sealed class DecodeVariable(string name, DecodeVariableKind kind, int width)
{
    /// <summary>Unique; a valid C# identifier.</summary>
    public string Name { get; } = name;

    public DecodeVariableKind Kind { get; } = kind;

    /// <summary>Width in bits of the value, or of the register of a reference.</summary>
    public int Width { get; } = width;

    public bool Signed { get; set; }

    /// <summary>True for a register reference.</summary>
    public bool IsRef { get; set; }

    /// <summary>Values of an axis (of an axis field: all of its width).</summary>
    public ImmutableArray<BigInteger> AxisValues { get; set; } = ImmutableArray<BigInteger>.Empty;

    /// <summary>Initial value: of an axis from state (run when decoding starts), of a variable from constants.</summary>
    public IrExpr? Initial { get; set; }

    /// <summary>For a part of a field: the field and the part's lowest bit.</summary>
    public DecodeVariable? Field { get; set; }

    public int LowBit { get; set; }

    /// <summary>For a slash field: the part the digit of <c>/3</c> is compared with.</summary>
    public DecodeVariable? SlashPart { get; set; }

    /// <summary>For a field of a word format: its pieces, highest first, and the zero bits below.</summary>
    public ImmutableArray<(int High, int Low)> Pieces { get; set; } = ImmutableArray<(int, int)>.Empty;

    public int ShiftLeft { get; set; }

    public override string ToString() => Name;
}
