using Emulator.Isa;
using Emulator.Isa.Analysis.Encodings;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;

namespace Emulator.Cli.Isa;

/// <summary>Runs the compiler of specs.</summary>
internal sealed class SpecChecker : ISpecChecker
{
    /// <inheritdoc/>
    public SpecReport Check(IReadOnlyList<(string Path, string Text)> files, SpecCheckOptions options, CancellationToken cancellation)
    {
        var compilation = IsaCompilation.Create(files, cancellation);
        var instances = compilation.Isas.SelectMany(isa => isa.Instances).ToList();
        var findings = new DiagnosticBag();
        foreach (var finding in compilation.Diagnostics)
        {
            findings.Add(finding);
        }

        foreach (var instance in options.Virtualizability && !compilation.HasErrors ? instances : [])
        {
            foreach (var finding in PopekGoldbergAnalysis.Run(instance.Model, instance.Facts!, cancellation).Diagnostics)
            {
                findings.Add(finding);
            }
        }

        return new SpecReport(
            [.. instances.Select(instance => (instance.Name, instance.Model.Instructions.Count, instance.Model.Instructions.Sum(i => i.Forms.Count)))],
            [.. findings.ToImmutable().Select(finding => new SpecFinding(finding.Severity == Severity.Error, finding.ToString()))],
            options.Holes > 0 && !compilation.HasErrors ? [.. instances.SelectMany(instance => Holes(instance, options.Holes, cancellation))] : []);
    }

    private static IEnumerable<string> Holes(BoundInstance instance, int most, CancellationToken cancellation) =>
        EncodingAnalysis.Holes(instance.Model, most, cancellation)
            .Select(hole => $"{instance.Name}: no form for {hole.Pattern}, for example {hole.Example}{(hole.Always ? "" : " (in some states)")}");

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
