using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A type as written.</summary>
public abstract record TypeSyntax(SourceSpan Span)
{
    /// <summary><c>u32</c>, <c>s&lt;w&gt;</c>, <c>bool</c> (u1).</summary>
    public sealed record Bits(SourceSpan Span, bool Signed, Expr Width) : TypeSyntax(Span);

    /// <summary><c>ref&lt;32&gt;</c>: a register chosen while decoding.</summary>
    public sealed record Ref(SourceSpan Span, Expr Width) : TypeSyntax(Span);

    /// <summary><c>u8[16]</c>, <c>string[16]</c> (tables only).</summary>
    public sealed record Array(SourceSpan Span, TypeSyntax? Element, Expr Count) : TypeSyntax(Span);

    /// <summary><c>record { name: type attributes; ... }</c> (states only).</summary>
    public sealed record Record(SourceSpan Span, ImmutableArray<RecordField> Fields) : TypeSyntax(Span);

    /// <summary><c>(a: u32, b: bool)</c>: the result of a function.</summary>
    public sealed record Tuple(SourceSpan Span, ImmutableArray<Parameter> Items) : TypeSyntax(Span);

    /// <summary>The name of an enum.</summary>
    public sealed record Named(SourceSpan Span, string Name) : TypeSyntax(Span);
}
