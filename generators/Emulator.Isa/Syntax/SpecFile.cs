using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>One parsed file: a root (<see cref="IsaName"/> set) or a chapter. Two are equal when their paths and texts are.</summary>
public sealed record SpecFile(string Path, string? IsaName, SourceSpan IsaSpan, ImmutableArray<Decl> Declarations, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    /// <summary>Equal for equal texts.</summary>
    public string TextKey { get; init; } = "";

    /// <summary>
    /// Equal for texts that differ only in blanks and comments, documentation comments excepted: what is generated from them without line numbers is the same.
    /// A file with findings has the key of its text, since recovery looks at the layout.
    /// </summary>
    public string MeaningKey { get; init; } = "";

    /// <summary>Equal for texts that differ only in that way or inside the bodies of instructions and functions.</summary>
    public string OutlineKey { get; init; } = "";

    /// <summary>How often each name occurs in it, placeholders of texts included.</summary>
    public IReadOnlyDictionary<string, int> Words { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Where its tokens and lines are; null for a file made otherwise than by parsing.</summary>
    public SpanTable? Spans { get; init; }

    public bool Equals(SpecFile? other) => other is not null && Path == other.Path && TextKey == other.TextKey && MeaningKey == other.MeaningKey;

    public override int GetHashCode() => Path.GetHashCode() * 31 + TextKey.GetHashCode();
}
