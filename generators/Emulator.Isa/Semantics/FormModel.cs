using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>One encoding of an instruction, bound.</summary>
public sealed class FormModel(InstructionModel instruction, int index, SourceSpan span)
{
    public InstructionModel Instruction { get; } = instruction;

    /// <summary>Position among all forms of the ISA.</summary>
    public int Index { get; } = index;

    public SourceSpan Span { get; } = span;

    /// <summary>The encoding as written.</summary>
    public string Text { get; set; } = "";

    /// <summary>The operands as declared: <c>dst: E&lt;b&gt;, src: G&lt;b&gt;</c>.</summary>
    public string OperandsText { get; set; } = "";

    // Byte encodings.
    public ImmutableArray<byte> Bytes { get; set; } = ImmutableArray<byte>.Empty;

    /// <summary>The field in the low bits of the last opcode byte (those bits are zero in <see cref="Bytes"/>).</summary>
    public DecodeVariable? Plus { get; set; }

    /// <summary>null: no slash field; -1: <c>/r</c>; else the required value of its slash part.</summary>
    public int? Slash { get; set; }

    // Word encodings: instruction word of this many bits, with (word & Mask) == Value.
    public int WordBits { get; set; }

    public ulong Mask { get; set; }

    public ulong Value { get; set; }

    public string FormatName { get; set; } = "";

    /// <summary>Fields of its format.</summary>
    public ImmutableArray<DecodeVariable> FormatFields { get; set; } = ImmutableArray<DecodeVariable>.Empty;

    /// <summary>Extra condition over axes, variables set by prefixes, and fields.</summary>
    public IrExpr? When { get; set; }

    /// <summary>Attributes it carries.</summary>
    public ImmutableArray<DecodeVariable> Attributes { get; set; } = ImmutableArray<DecodeVariable>.Empty;

    /// <summary>Instructions it deliberately takes precedence over.</summary>
    public ImmutableArray<string> Over { get; set; } = ImmutableArray<string>.Empty;

    /// <summary>Axes its operands, text or body depend on, in model order (a plus field that is an axis included).</summary>
    public ImmutableArray<DecodeVariable> Axes { get; set; } = ImmutableArray<DecodeVariable>.Empty;

    /// <summary>One entry per combination of axis values, first axis outermost, values in declared order.</summary>
    public List<FormCase> Cases { get; } = new();
}
