using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary><c>dst: E&lt;v&gt;</c>.</summary>
public sealed record FormOperand(SourceSpan Span, string Name, string Kind, ImmutableArray<Expr> Widths);
