using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Emulator.Isa.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Isa.Generators;

/// <summary>Reads spec files. A text is parsed once for as long as the compiler keeps it, however many generators, analyzers and compilations ask.</summary>
internal static class SpecTexts
{
    private static readonly ConditionalWeakTable<SourceText, SpecFile> Parsed = new();

    public static bool IsSpec(AdditionalText file) => file.Path.EndsWith(".isa", StringComparison.OrdinalIgnoreCase);

    /// <summary>A file, parsed.</summary>
    public static SpecFile Parse(AdditionalText file, CancellationToken cancellation)
    {
        if (file.GetText(cancellation) is not { } text) return SpecParser.Parse(file.Path, "", cancellation);
        if (Parsed.TryGetValue(text, out var known) && known.Path == file.Path) return known;
        var parsed = SpecParser.Parse(file.Path, text.ToString(), cancellation);
        return known is null ? Parsed.GetValue(text, _ => parsed) : parsed;
    }

    /// <summary>All spec files among the additional files of a compilation.</summary>
    public static ImmutableArray<SpecFile> Of(ImmutableArray<AdditionalText> files, CancellationToken cancellation) =>
        files.Where(IsSpec).Select(f => Parse(f, cancellation)).ToImmutableArray();
}
