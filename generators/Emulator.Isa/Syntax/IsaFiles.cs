using System.Collections.Immutable;

namespace Emulator.Isa.Syntax;

/// <summary>The files of one instruction set. Two are equal when they mean the same (<see cref="SpecFileMeaning"/>).</summary>
/// <param name="Name">The name its root declares.</param>
/// <param name="Files">The root, then its chapters in the order of their inclusion.</param>
public sealed record IsaFiles(string Name, ImmutableArray<SpecFile> Files)
{
    /// <summary>The file that declares the instruction set.</summary>
    public SpecFile Root => Files[0];

    /// <summary>Whether an included file was not found or cannot be one; that is reported with the grouping.</summary>
    public bool LacksFiles { get; init; }

    /// <summary>Whether every file is there and was parsed without an error; only then is binding worthwhile.</summary>
    public bool IsComplete => !LacksFiles && Files.All(f => f.Diagnostics.All(d => d.Severity != Diagnostics.Severity.Error));

    public bool Equals(IsaFiles? other) =>
        other is not null && Name == other.Name && LacksFiles == other.LacksFiles && Files.SequenceEqual(other.Files, SpecFileMeaning.Comparer);

    public override int GetHashCode() => Files.Aggregate(Name.GetHashCode(), (hash, file) => hash * 31 + SpecFileMeaning.Comparer.GetHashCode(file));
}
