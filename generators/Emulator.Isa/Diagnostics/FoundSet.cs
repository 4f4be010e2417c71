using System.Collections.Immutable;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Diagnostics;

/// <summary>Findings of a stage, and the files as they were when it ran: the findings' spans refer to those.</summary>
public sealed record FoundSet(ImmutableArray<SpecFile> Files, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    public bool Equals(FoundSet? other) => other is not null && Files.SequenceEqual(other.Files) && Diagnostics.SequenceEqual(other.Diagnostics);

    public override int GetHashCode() => Files.Length * 31 + Diagnostics.Length;
}
