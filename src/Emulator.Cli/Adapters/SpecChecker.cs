using Emulator.Isa;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;

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

    /// <inheritdoc/>
    public IReadOnlyList<(string Path, string Text)> Document(IReadOnlyList<(string Path, string Text)> files, CancellationToken cancellation)
    {
        var compilation = IsaCompilation.Create(files, cancellation);
        if (compilation.HasErrors)
        {
            return [];
        }

        var texts = files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        string? Source(SourceSpan span) => texts.TryGetValue(span.File, out var text) && span.Start + span.Length <= text.Length ? text.Substring(span.Start, span.Length) : null;
        return
        [
            .. compilation.Isas.SelectMany(isa => isa.Instances).SelectMany(instance =>
                DocumentationEmitter.Emit(new EmitContext(instance.Model, new EmitOptions(instance.Name), cancellation), Source)
                    .Select(page => (Path.Combine(instance.Name, page.Name), page.Text))),
        ];
    }
}
