namespace Emulator.Isa.Semantics;

/// <summary>One alternative of an operand.</summary>
/// <param name="After">Decode procedure to run first (once per instruction), or null.</param>
/// <param name="When">Condition over decode values, or null.</param>
/// <param name="Class">What the operand is.</param>
/// <param name="Slot">For a register: the reference variable; for a value: the variable that holds it; null for memory.</param>
/// <param name="DecodeValue">What decoding stores in <paramref name="Slot"/>: a <see cref="IrExpr.MakeRef"/> or a value (may contain <see cref="IrExpr.Next"/> and insn.next).</param>
/// <param name="Text">How it is written.</param>
public sealed record AlternativeModel(string? After, IrExpr? When, OperandClass Class, DecodeVariable? Slot, IrExpr? DecodeValue, TextNode Text);
