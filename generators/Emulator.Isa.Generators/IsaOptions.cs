using Emulator.Isa.Emit;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Emulator.Isa.Generators;

/// <summary>What the project that contains the specs says about generation.</summary>
/// <param name="Namespace">MSBuild property <c>IsaNamespace</c>, or else <c>RootNamespace</c>.</param>
/// <param name="Lines">MSBuild property <c>IsaLines</c>: whether generated code carries <c>#line</c> directives.</param>
internal sealed record IsaOptions(string Namespace, bool Lines)
{
    public static IsaOptions Of(AnalyzerConfigOptionsProvider provider, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string Property(string name) => provider.GlobalOptions.TryGetValue("build_property." + name, out string? value) ? value.Trim() : "";
        string name = Property("IsaNamespace");
        if (name.Length == 0) name = Property("RootNamespace");
        return new IsaOptions(name.Length == 0 ? "Emulator" : name, string.Equals(Property("IsaLines"), "true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Directives about double the lines of a file.</summary>
    public EmitOptions ToEmitOptions() => Lines ? new(Namespace, Lines, MaxLines: 1000) : new(Namespace);
}
