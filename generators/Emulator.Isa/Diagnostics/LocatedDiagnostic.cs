using System.Collections.Immutable;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Diagnostics;

/// <summary>A finding in the texts as they are now, with the lines and columns (from 0) the compiler shows.</summary>
public sealed record LocatedDiagnostic(IsaDiagnostic Diagnostic, LineRange Range, ImmutableArray<LineRange> RelatedRanges)
{
    public bool Equals(LocatedDiagnostic? other) =>
        other is not null && Diagnostic.Equals(other.Diagnostic) && Range == other.Range && RelatedRanges.SequenceEqual(other.RelatedRanges);

    public override int GetHashCode() => Diagnostic.GetHashCode();

    /// <summary>The findings of the files themselves and of later stages, each once.</summary>
    public static ImmutableArray<LocatedDiagnostic> All(ImmutableArray<FoundSet> sets, ImmutableArray<SpecFile> files, CancellationToken cancellation)
    {
        var now = new Dictionary<string, SpanTable>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file.Spans is not null) now[file.Path] = file.Spans;
        }
        var bag = new DiagnosticBag();
        foreach (var diagnostic in files.SelectMany(f => f.Diagnostics)) bag.Add(diagnostic);
        foreach (var set in sets)
        {
            cancellation.ThrowIfCancellationRequested();
            var then = new Dictionary<string, SpanTable>(StringComparer.Ordinal);
            foreach (var file in set.Files)
            {
                if (file.Spans is not null) then[file.Path] = file.Spans;
            }
            SourceSpan Move(SourceSpan span) => now.TryGetValue(span.File, out var to) && then.TryGetValue(span.File, out var from) ? to.Move(from, span) : span;
            foreach (var d in set.Diagnostics) bag.Add(d with { Span = Move(d.Span), Related = d.Related.Select(r => (Move(r.Span), r.Note)).ToImmutableArray() });
        }
        LineRange Range(SourceSpan span) => now.TryGetValue(span.File, out var table) ? LineRange.Of(table, span) : LineRange.OfStart(span);
        return bag.ToImmutable().Select(d => new LocatedDiagnostic(d, Range(d.Span), d.Related.Select(r => Range(r.Span)).ToImmutableArray())).ToImmutableArray();
    }
}
