using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>One encoding of an instruction.</summary>
/// <param name="Bytes">Opcode bytes of a byte encoding.</param>
/// <param name="Plus">Field in the low bits of the last opcode byte (<c>50+opr</c>).</param>
/// <param name="Slash">After the slash: null none, -1 <c>/r</c>, else the required value.</param>
/// <param name="Format">Format of a word encoding.</param>
/// <param name="Fields">Required field values of a word encoding.</param>
/// <param name="Text">The encoding as written, for reports.</param>
public sealed record Form(SourceSpan Span, ImmutableArray<byte> Bytes, string? Plus, int? Slash, string? Format,
    ImmutableArray<(string Name, Expr Value)> Fields, ImmutableArray<FormOperand> Operands, ImmutableArray<string> Attributes,
    Expr? When, ImmutableArray<string> Over, AsmText? Asm, string Text)
{
    /// <summary>The list of operands as written, for reports.</summary>
    public string OperandsText { get; init; } = "";
}
