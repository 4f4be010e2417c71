using System.Collections.Immutable;
using System.Reflection;

namespace Emulator.Isa.Diagnostics;

/// <summary>Every diagnostic the compiler can report.</summary>
public static class DiagnosticCatalog
{
    /// <summary>All descriptors, by id: the public static fields of that type, in whichever class an area declares them.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = typeof(DiagnosticCatalog).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: true, IsSealed: true })
        .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Where(f => f.FieldType == typeof(DiagnosticDescriptor))
        .Select(f => (DiagnosticDescriptor)f.GetValue(null)!)
        .OrderBy(d => d.Id, StringComparer.Ordinal).ToImmutableArray();
}
