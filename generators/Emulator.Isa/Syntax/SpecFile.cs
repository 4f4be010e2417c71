using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>One parsed file: a root (<see cref="IsaName"/> set) or a chapter.</summary>
public sealed record SpecFile(string Path, string? IsaName, SourceSpan IsaSpan, ImmutableArray<Decl> Declarations, ImmutableArray<IsaDiagnostic> Diagnostics);
