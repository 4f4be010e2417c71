using System.Collections.Immutable;
using System.Reflection;

namespace Emulator.Isa.Diagnostics;

/// <summary>Every diagnostic the compiler can report.</summary>
public static class DiagnosticCatalog
{
    /// <summary>The classes that declare descriptors, as public static fields.</summary>
    private static readonly Type[] Sources =
    {
        typeof(SyntaxDiagnostics), typeof(BindingDiagnostics), typeof(SemanticDiagnostics), typeof(InternalDiagnostics),
    };

    /// <summary>All descriptors, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = Sources
        .SelectMany(s => s.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Select(f => f.GetValue(null)).OfType<DiagnosticDescriptor>()
        .OrderBy(d => d.Id, StringComparer.Ordinal).ToImmutableArray();
}
