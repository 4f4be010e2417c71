using Emulator.Isa;
using Emulator.Isa.Diagnostics;

namespace Emulator.Cli.Isa;

/// <summary>Runs the compiler of specs.</summary>
internal sealed class SpecChecker : ISpecChecker
{
    /// <inheritdoc/>
    public SpecReport Check(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation)
    {
        var compilation = IsaCompilation.Create(files, cancellation);
        return new SpecReport(
            [.. compilation.Isas.SelectMany(isa => isa.Instances)
                .Select(instance => (instance.Name, instance.Model.Instructions.Count, instance.Model.Instructions.Sum(i => i.Forms.Count)))],
            [.. compilation.Diagnostics.Select(finding => new SpecFinding(finding.Severity == Severity.Error, finding.ToString()))]);
    }
}
