namespace Emulator.Isa.Semantics;

/// <summary>Where a decode variable gets its value.</summary>
public enum DecodeVariableKind
{
    /// <summary>An axis forms are specialised on.</summary>
    Axis,
    /// <summary>A variable that prefixes and procedures set.</summary>
    Variable,
    /// <summary>A field fetched from the bytes, slash field or fetched by a procedure.</summary>
    Field,
    /// <summary>A part of a field.</summary>
    Part,
    /// <summary>Low bits of the last opcode byte.</summary>
    Plus,
    /// <summary>A field of a word format.</summary>
    FormatField,
    /// <summary>The register reference or value of a form's operand, by its position.</summary>
    Operand,
    /// <summary>A form attribute: constant per form.</summary>
    Attribute,
}
