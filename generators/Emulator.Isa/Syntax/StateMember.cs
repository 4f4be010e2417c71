using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A member of a state's body.</summary>
public abstract record StateMember(SourceSpan Span)
{
    /// <summary><c>IOPL@13:12</c> with the attributes of its group.</summary>
    public sealed record BitField(SourceSpan Span, string Name, int High, int Low, StateAttributes Attributes) : StateMember(Span);

    /// <summary><c>view&lt;8&gt;[i] = ... names al cl ...;</c></summary>
    public sealed record View(SourceSpan Span, Expr Width, string Index, Expr Value, ImmutableArray<string> Names) : StateMember(Span);

    /// <summary><c>[0] = 0;</c></summary>
    public sealed record HardWired(SourceSpan Span, Expr Index, Expr Value) : StateMember(Span);
}
