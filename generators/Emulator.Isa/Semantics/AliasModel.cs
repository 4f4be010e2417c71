namespace Emulator.Isa.Semantics;

/// <summary>Another assembly text of a form, a pseudo-instruction for instance.</summary>
/// <param name="Text">The text; its operands are those of the form.</param>
/// <param name="When">Condition over decode values under which it may stand for the instruction; null for always.</param>
/// <param name="InputOnly">The assembler reads it, the disassembler never writes it.</param>
public sealed record AliasModel(TextNode Text, IrExpr? When, bool InputOnly);
