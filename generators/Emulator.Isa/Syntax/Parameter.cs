using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A named, typed parameter or tuple item.</summary>
public sealed record Parameter(SourceSpan Span, string Name, TypeSyntax Type);
