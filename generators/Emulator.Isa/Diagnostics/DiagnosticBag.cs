using System.Collections.Immutable;

namespace Emulator.Isa.Diagnostics;

/// <summary>Collects diagnostics; at most one of an id at a place.</summary>
public sealed class DiagnosticBag
{
    private readonly List<IsaDiagnostic> items = new();
    private readonly HashSet<(string, string, int)> seen = new();

    public bool HasErrors { get; private set; }

    public int Count => items.Count;

    public void Add(IsaDiagnostic diagnostic)
    {
        if (!seen.Add((diagnostic.Id, diagnostic.Span.File, diagnostic.Span.Start))) return;
        items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    public void Add(DiagnosticDescriptor descriptor, SourceSpan span, string message) => Add(descriptor.At(span, message));

    /// <summary>All diagnostics by file and place.</summary>
    public ImmutableArray<IsaDiagnostic> ToImmutable() =>
        items.OrderBy(d => d.Span.File, StringComparer.Ordinal).ThenBy(d => d.Span.Start).ThenBy(d => d.Id, StringComparer.Ordinal).ToImmutableArray();
}
