using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>Another text of an instruction: <c>alias "nop" when rd == 0;</c> or <c>alias input "bgt {a}, {b}";</c></summary>
/// <param name="When">Where it may stand for the instruction; null everywhere.</param>
/// <param name="InputOnly">The assembler reads it, the disassembler never writes it.</param>
public sealed record InstructionAlias(SourceSpan Span, AsmText Text, Expr? When, bool InputOnly);
