using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>An item of the decode block.</summary>
public abstract record DecodeItem(SourceSpan Span, string Name)
{
    public sealed record Axis(SourceSpan Span, string Name, ImmutableArray<BigInteger> Values, Expr Initial) : DecodeItem(Span, Name);

    public sealed record Variable(SourceSpan Span, string Name, TypeSyntax Type, Expr? Initial) : DecodeItem(Span, Name);

    /// <summary>A field of the encoding: <c>slash SUBFIELD</c>, <c>plus</c>, or fetched by a procedure.</summary>
    public sealed record Field(SourceSpan Span, string Name, TypeSyntax Type, string? SlashField, bool Plus, bool IsAxis,
        ImmutableArray<StateMember.BitField> Parts) : DecodeItem(Span, Name);

    public sealed record Attribute(SourceSpan Span, string Name) : DecodeItem(Span, Name);

    public sealed record Prefix(SourceSpan Span, ImmutableArray<byte> Bytes, Stmt.Block Body) : DecodeItem(Span, "prefix");

    public sealed record Procedure(SourceSpan Span, string Name, Stmt.Block Body) : DecodeItem(Span, Name);

    public sealed record Width(SourceSpan Span, string Name, Expr Expression) : DecodeItem(Span, Name);

    public sealed record Reject(SourceSpan Span, Stmt.Raise Trap, Expr When) : DecodeItem(Span, "reject");

    /// <summary><c>value ea : u32 = ...</c>: an expression over decode values and state, evaluated at run time.</summary>
    public sealed record Value(SourceSpan Span, string Name, ImmutableArray<string> Widths, TypeSyntax Type, Expr Expression) : DecodeItem(Span, Name);

    public sealed record Operand(SourceSpan Span, string Name, ImmutableArray<string> Widths, ImmutableArray<OperandAlternative> Alternatives) : DecodeItem(Span, Name);

    public sealed record Text(SourceSpan Span, string Name, ImmutableArray<string> Widths, AsmText Content) : DecodeItem(Span, Name)
    {
        /// <summary>The assembler does without it where one instruction is left that the rest can mean.</summary>
        public bool Optional { get; init; }
    }

    /// <summary><c>format I : 32 { ... }</c></summary>
    public sealed record Format(SourceSpan Span, string Name, int Size, ImmutableArray<FormatField> Fields) : DecodeItem(Span, Name);
}
