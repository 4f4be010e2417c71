using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A clause of a profile: <c>monitor E</c>, <c>guest E</c>, <c>hold E</c> (an expression), <c>intercept A, B</c> or <c>own A, B</c> (names).</summary>
public sealed record ProfileClause(SourceSpan Span, string Keyword, Expr? Condition, ImmutableArray<string> Names);
