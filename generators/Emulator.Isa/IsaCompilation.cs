using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa;

/// <summary>A set of spec files, compiled as far as it goes: what the command line, tools and tests use.</summary>
/// <param name="Specs">The files, grouped.</param>
/// <param name="Isas">The instruction sets, bound and analysed, by path of their roots.</param>
/// <param name="Diagnostics">Everything found, by file and place.</param>
public sealed record IsaCompilation(SpecSet Specs, ImmutableArray<BoundIsa> Isas, ImmutableArray<IsaDiagnostic> Diagnostics)
{
    /// <summary>Whether anything stops generation.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>Parses, groups, binds and analyses files, given as path and text. Paths are not opened.</summary>
    public static IsaCompilation Create(IEnumerable<(string Path, string Text)> files, CancellationToken cancellation = default) =>
        Create(files.Select(f => SpecParser.Parse(f.Path, f.Text, cancellation)).ToList(), cancellation);

    /// <summary>Groups, binds and analyses parsed files.</summary>
    public static IsaCompilation Create(IReadOnlyList<SpecFile> files, CancellationToken cancellation = default) => Create(files, IsaCompiler.Bind, cancellation);

    /// <summary>The same, binding with a function of the caller's that may remember what it bound.</summary>
    public static IsaCompilation Create(IReadOnlyList<SpecFile> files, Func<IsaFiles, CancellationToken, BoundIsa> bind, CancellationToken cancellation)
    {
        var specs = SpecSet.Group(files, cancellation);
        var isas = specs.Isas.Select(i => bind(i, cancellation)).ToImmutableArray();
        var all = new DiagnosticBag();
        foreach (var diagnostic in files.SelectMany(f => f.Diagnostics).Concat(specs.Diagnostics).Concat(isas.SelectMany(i => i.Diagnostics)).Concat(isas.SelectMany(i => IsaCompiler.CheckEncodings(i, cancellation)))) all.Add(diagnostic);
        return new IsaCompilation(specs, isas, all.ToImmutable());
    }
}
