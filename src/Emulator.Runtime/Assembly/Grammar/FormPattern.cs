namespace Emulator.Runtime.Assembly;

/// <summary>An encoding: what the bytes must be before its operands are decoded.</summary>
internal sealed class FormPattern
{
    /// <summary>Position among all forms.</summary>
    public required int Index { get; init; }

    public required string Instruction { get; init; }

    /// <summary>Opcode bytes; for an instruction word, none.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>The field in the low bits of the last opcode byte.</summary>
    public DecodeVariable? Plus { get; init; }

    /// <summary>Whether the slash field follows the opcode; the value its slash part must have, or -1 for any.</summary>
    public bool HasSlash { get; init; }

    public int Slash { get; init; } = -1;

    /// <summary>Bits of an instruction word, those that are fixed, and their values; 0 for byte encodings.</summary>
    public int WordBits { get; init; }

    public UInt128 Mask { get; init; }

    public UInt128 Value { get; init; }

    public DecodeVariable[] WordFields { get; init; } = [];

    public DecodeExpression? When { get; init; }

    public DecodeVariable[] Attributes { get; init; } = [];

    /// <summary>Bytes it has at least, prefixes not counted.</summary>
    public int MinLength => WordBits > 0 ? WordBits / 8 : Bytes.Length + (HasSlash ? 1 : 0);
}
