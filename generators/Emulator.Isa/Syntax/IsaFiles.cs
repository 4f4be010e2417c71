using System.Collections.Immutable;

namespace Emulator.Isa.Syntax;

/// <summary>The files of one instruction set.</summary>
/// <param name="Name">The name its root declares.</param>
/// <param name="Files">The root, then its chapters in the order of their inclusion.</param>
public sealed record IsaFiles(string Name, ImmutableArray<SpecFile> Files)
{
    /// <summary>The file that declares the instruction set.</summary>
    public SpecFile Root => Files[0];

    /// <summary>Whether every file was parsed without an error; only then is binding worthwhile.</summary>
    public bool IsComplete => Files.All(f => f.Diagnostics.All(d => d.Severity != Diagnostics.Severity.Error));
}
