namespace Emulator.Isa.Diagnostics;

/// <summary>The fixed part of a diagnostic: its id has one meaning, forever.</summary>
/// <param name="Id">ISA0xxx syntax, ISA1xxx binding, ISA2xxx encoding, ISA3xxx semantics, ISA9xxx internal, PG0xxx virtualizability.</param>
/// <param name="Title">One line for lists.</param>
/// <param name="Severity">Default severity.</param>
public sealed record DiagnosticDescriptor(string Id, string Title, Severity Severity)
{
    /// <summary>Where its id belongs.</summary>
    public string Category => Id.StartsWith("PG", StringComparison.Ordinal) ? "Virtualizability" : Id[3] switch
    {
        '0' => "Syntax",
        '1' => "Binding",
        '2' => "Encoding",
        '3' => "Semantics",
        _ => "Internal",
    };

    /// <summary>Whether it is a verdict about virtualizability, which is reached separately.</summary>
    public bool IsVirtualizability => Id.StartsWith("PG", StringComparison.Ordinal);

    /// <summary>A diagnostic of this kind.</summary>
    public IsaDiagnostic At(SourceSpan span, string message) => new(this, span, message);
}
