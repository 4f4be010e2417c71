using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using IsaDescriptor = Emulator.Isa.Diagnostics.DiagnosticDescriptor;
using RoslynDescriptor = Microsoft.CodeAnalysis.DiagnosticDescriptor;

namespace Emulator.Isa.Generators;

/// <summary>The engine's descriptors and diagnostics as the C# compiler wants them.</summary>
internal static class Descriptors
{
    /// <summary>Every descriptor of the engine, by id.</summary>
    public static readonly ImmutableSortedDictionary<string, RoslynDescriptor> ById =
        DiagnosticCatalog.All.ToImmutableSortedDictionary(d => d.Id, Convert, StringComparer.Ordinal);

    /// <summary>A diagnostic that stands in its spec file.</summary>
    public static Diagnostic Convert(LocatedDiagnostic located)
    {
        var diagnostic = located.Diagnostic;
        var related = diagnostic.Related.Zip(located.RelatedRanges, (r, range) => At(r.Span, range));
        string notes = string.Concat(diagnostic.Related.Select(r => $" [{r.Note}: {Path.GetFileName(r.Span.File)}({r.Span.Line},{r.Span.Column})]"));
        var descriptor = ById[diagnostic.Id];
        var location = At(diagnostic.Span, located.Range);
        return Convert(diagnostic.Severity) == descriptor.DefaultSeverity
            ? Diagnostic.Create(descriptor, location, related, diagnostic.Message + notes)
            : Diagnostic.Create(descriptor, location, Convert(diagnostic.Severity), related, properties: null, diagnostic.Message + notes);
    }

    private static Location At(SourceSpan span, LineRange range) => span.File.Length == 0
        ? Location.None
        : Location.Create(span.File, new TextSpan(span.Start, span.Length),
            new LinePositionSpan(new LinePosition(range.StartLine, range.StartColumn), new LinePosition(range.EndLine, range.EndColumn)));

    private static RoslynDescriptor Convert(IsaDescriptor descriptor) => new(
        descriptor.Id, descriptor.Title, "{0}", descriptor.Category, Convert(descriptor.Severity), isEnabledByDefault: true, helpLinkUri: $"docs/diagnostics/{descriptor.Id}.md");

    private static DiagnosticSeverity Convert(Severity severity) => severity switch
    {
        Severity.Error => DiagnosticSeverity.Error,
        Severity.Warning => DiagnosticSeverity.Warning,
        _ => DiagnosticSeverity.Info,
    };
}
