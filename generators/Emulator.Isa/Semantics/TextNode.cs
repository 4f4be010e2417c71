using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>Assembly text after binding: every conditional over decode values, every placeholder resolved.</summary>
public abstract record TextNode
{
    public sealed record Literal(string Value) : TextNode
    {
        /// <summary>The assembler does without it where one instruction is left that the rest can mean.</summary>
        public bool Optional { get; init; }
    }

    public sealed record Sequence(ImmutableArray<TextNode> Parts) : TextNode;

    public sealed record Conditional(IrExpr Condition, TextNode WhenTrue, TextNode WhenFalse) : TextNode;

    /// <summary>A string from a table.</summary>
    public sealed record Element(IrTable Table, IrExpr Index) : TextNode;

    /// <summary>A number; format x, d or +x (see isa/README.md section 7).</summary>
    public sealed record Number(IrExpr Value, string Format) : TextNode;

    /// <summary>The name of the register a reference denotes; empty for none.</summary>
    public sealed record Register(DecodeVariable Variable) : TextNode;

    /// <summary>The text of an operand of the form, by position.</summary>
    public sealed record Operand(int Position) : TextNode;
}
