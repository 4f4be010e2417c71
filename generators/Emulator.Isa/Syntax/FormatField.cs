using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A field of a word format; pieces from the most significant. A literal name of <c>_</c> is unused.</summary>
/// <param name="Type">Type as written (its sign matters), or null for unsigned of the summed width.</param>
/// <param name="ShiftLeft">Number of zero bits appended below the pieces.</param>
public sealed record FormatField(SourceSpan Span, string Name, TypeSyntax? Type, ImmutableArray<(int High, int Low)> Pieces, int ShiftLeft);
