using System.Collections.Immutable;

namespace Emulator.Isa.Diagnostics;

/// <summary>Findings where they are to be shown.</summary>
public sealed record LocatedSet(ImmutableArray<LocatedDiagnostic> Diagnostics)
{
    public bool Equals(LocatedSet? other) => other is not null && Diagnostics.SequenceEqual(other.Diagnostics);

    public override int GetHashCode() => Diagnostics.Length;
}
