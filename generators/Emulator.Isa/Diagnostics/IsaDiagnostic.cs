using System.Collections.Immutable;

namespace Emulator.Isa.Diagnostics;

/// <summary>One finding about a spec: what is wrong, where, and what to do about it.</summary>
public sealed record IsaDiagnostic(DiagnosticDescriptor Descriptor, SourceSpan Span, string Message)
{
    /// <summary>Other places that explain this one.</summary>
    public ImmutableArray<(SourceSpan Span, string Note)> Related { get; init; } = ImmutableArray<(SourceSpan, string)>.Empty;

    public string Id => Descriptor.Id;

    public Severity Severity => Descriptor.Severity;

    public bool Equals(IsaDiagnostic? other) =>
        other is not null && Id == other.Id && Span == other.Span && Message == other.Message && Related.SequenceEqual(other.Related);

    public override int GetHashCode() => (Id, Span, Message).GetHashCode();

    public override string ToString() => $"{Span}: {Severity.ToString().ToLowerInvariant()} {Id}: {Message}";
}
