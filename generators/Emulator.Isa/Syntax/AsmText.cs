using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>Assembly text as written.</summary>
public abstract record AsmText(SourceSpan Span)
{
    /// <summary>A template: literal pieces and placeholders.</summary>
    public sealed record Template(SourceSpan Span, ImmutableArray<TemplatePart> Parts) : AsmText(Span);

    /// <summary><c>c ? a : b</c></summary>
    public sealed record Conditional(SourceSpan Span, Expr Condition, AsmText WhenTrue, AsmText WhenFalse) : AsmText(Span);

    /// <summary><c>names[e]</c>: an element of a table of strings.</summary>
    public sealed record Element(SourceSpan Span, string Table, Expr Index) : AsmText(Span);

    /// <summary>Another text: <c>memtext&lt;32&gt;</c>.</summary>
    public sealed record Reference(SourceSpan Span, string Name, ImmutableArray<Expr> Widths) : AsmText(Span);

    /// <summary>A literal (no <see cref="Name"/>) or a placeholder <c>{name&lt;w&gt;:format}</c>; the placeholder names an operand, a text or a decode value.</summary>
    public sealed record TemplatePart(string Literal, string? Name, ImmutableArray<Expr> Widths, string Format);
}
