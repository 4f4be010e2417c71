using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;

namespace Emulator.Isa;

/// <summary>What was generated for an instruction set.</summary>
/// <param name="Name">Name of the instruction set.</param>
/// <param name="Files">The generated files of all its instances.</param>
/// <param name="Diagnostics">Findings of the back end; empty unless the compiler failed.</param>
public sealed record EmittedIsa(string Name, ImmutableArray<EmittedFile> Files, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    public bool Equals(EmittedIsa? other) =>
        other is not null && Name == other.Name && Files.SequenceEqual(other.Files) && Diagnostics.SequenceEqual(other.Diagnostics);

    public override int GetHashCode() => Files.Aggregate(Name.GetHashCode(), (hash, file) => hash * 31 + file.Name.GetHashCode());
}
