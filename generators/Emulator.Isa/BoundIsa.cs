using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>
/// An instruction set after binding and analysis. Two are equal when they were bound from equal files: binding depends on nothing else.
/// </summary>
/// <param name="Files">What it was bound from; the spans of everything in here refer to these texts.</param>
/// <param name="Instances">Its instances; none when binding was not worthwhile.</param>
/// <param name="Diagnostics">Findings of binding and analysis; those of the files themselves are not repeated.</param>
public sealed record BoundIsa(IsaFiles Files, ImmutableArray<BoundInstance> Instances, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    /// <summary>Name of the instruction set.</summary>
    public string Name => Files.Name;

    /// <summary>Equal for specs whose decoding is the same: it depends on declarations, encodings, and the axes and variants that bodies turn out to need.</summary>
    public string OutlineKey { get; init; } = "";

    /// <summary>Whether it was made by <see cref="IsaCompiler.Revise"/>: places in it may be those in former texts.</summary>
    public bool IsRevision { get; init; }

    /// <summary>Whether nothing stops generation.</summary>
    public bool CanEmit => !Instances.IsEmpty && Files.IsComplete && Diagnostics.All(d => d.Severity != Severity.Error);

    public bool Equals(BoundIsa? other) => other is not null && Files.Equals(other.Files);

    public override int GetHashCode() => Files.GetHashCode();
}
