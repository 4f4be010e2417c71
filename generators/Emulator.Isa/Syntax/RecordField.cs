using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A field of a record state; <see cref="Derived"/> is its formula when it is derived from its siblings.</summary>
public sealed record RecordField(SourceSpan Span, string Name, TypeSyntax Type, StateAttributes Attributes,
    ImmutableArray<StateMember> Members, Expr? Derived);
