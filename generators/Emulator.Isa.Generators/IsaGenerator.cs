using System.Collections.Immutable;
using System.Text;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;
using Emulator.Isa.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Isa.Generators;

/// <summary>Generates an instruction set from its spec files. Reports what stops generation; the rest is <see cref="SpecAnalyzer"/>'s.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class IsaGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Namespace and lines, from MSBuild properties.
        var options = context.AnalyzerConfigOptionsProvider.Select(IsaOptions.Of).WithTrackingName(Stages.Options);

        // Each spec file by itself, with the places of its tokens.
        var files = context.AdditionalTextsProvider.Where(SpecTexts.IsSpec).Select(SpecTexts.Parse).WithTrackingName(Stages.Parse);

        // From here on an edit of a comment changes nothing.
        var meanings = files.Combine(options).Select(Meaning).WithComparer(SpecFileMeaning.Comparer).WithTrackingName(Stages.Meaning);

        // Roots and their chapters; an edit of one instruction set leaves the others alone.
        var set = meanings.Collect().Select(Group).WithTrackingName(Stages.Group);
        var isas = set.SelectMany(Isas).WithTrackingName(Stages.Isa);

        // Names, widths, effects, checks.
        var bound = isas.Select(BoundSpecs.BindToEmit).WithTrackingName(Stages.Bind);

        // C#, a file per instruction set and concern.
        var emitted = bound.Combine(options).Select(EmitExecution).WithTrackingName(Stages.Emit);
        context.RegisterSourceOutput(emitted.SelectMany(Files), AddSource);

        // Decoding does not depend on what instructions do: an edit of a body leaves it alone.
        var outlines = bound.Select(Outline).WithComparer(BoundIsaOutline.Comparer).WithTrackingName(Stages.Outline);
        var decoders = outlines.Combine(options).Select(EmitDecoding).WithTrackingName(Stages.EmitDecoding);
        context.RegisterSourceOutput(decoders.SelectMany(Files), AddSource);

        // What stops generation, where it stands in the texts as they are now.
        var found = set.Select(OfGrouping).Collect().And(bound.Select(OfBinding)).And(emitted.Select(OfEmission))
            .And(outlines.Select(OfEncodings).WithTrackingName(Stages.CheckEncodings)).And(decoders.Select(OfEmission));
        var located = found.Combine(files.Collect()).Select(Locate).WithTrackingName(Stages.Locate);
        context.RegisterSourceOutput(located, Report);
    }

    private static SpecFile Meaning((SpecFile File, IsaOptions Options) input, CancellationToken cancellation) =>
        input.Options.Lines ? input.File with { MeaningKey = input.File.TextKey, OutlineKey = input.File.TextKey } : input.File;

    private static SpecSet Group(ImmutableArray<SpecFile> files, CancellationToken cancellation) => SpecSet.Group(files, cancellation);

    private static ImmutableArray<IsaFiles> Isas(SpecSet set, CancellationToken cancellation) => set.Isas;

    private static EmittedIsa EmitExecution((BoundIsa Isa, IsaOptions Options) input, CancellationToken cancellation) =>
        IsaCompiler.EmitExecution(input.Isa, input.Options.ToEmitOptions(), cancellation);

    private static BoundIsa Outline(BoundIsa isa, CancellationToken cancellation) => isa;

    private static EmittedIsa EmitDecoding((BoundIsa Isa, IsaOptions Options) input, CancellationToken cancellation) =>
        IsaCompiler.EmitDecoding(input.Isa, input.Options.ToEmitOptions(), cancellation);

    private static FoundSet OfGrouping(SpecSet set, CancellationToken cancellation) => new(set.Files, set.Diagnostics);

    private static FoundSet OfBinding(BoundIsa isa, CancellationToken cancellation) => new(isa.Files.Files, isa.Diagnostics);

    private static FoundSet OfEncodings(BoundIsa isa, CancellationToken cancellation)
    {
        // Findings name places.
        if (isa.IsRevision) isa = BoundSpecs.Bind(isa.Files, cancellation);
        return new(isa.Files.Files, IsaCompiler.CheckEncodings(isa, cancellation));
    }

    private static FoundSet OfEmission(EmittedIsa isa, CancellationToken cancellation) => new(ImmutableArray<SpecFile>.Empty, isa.Diagnostics);

    private static LocatedSet Locate(
        (ImmutableArray<FoundSet> Found, ImmutableArray<SpecFile> Files) input, CancellationToken cancellation)
    {
        return new LocatedSet(LocatedDiagnostic.All(input.Found, input.Files, cancellation).Where(d => d.Diagnostic.Severity == Severity.Error).ToImmutableArray());
    }

    private static void Report(SourceProductionContext context, LocatedSet found)
    {
        foreach (var diagnostic in found.Diagnostics) context.ReportDiagnostic(Descriptors.Convert(diagnostic));
    }

    // One by one: a file whose text is the same as before is not parsed again by the C# compiler.
    private static ImmutableArray<EmittedFile> Files(EmittedIsa isa, CancellationToken cancellation) => isa.Files;

    private static void AddSource(SourceProductionContext context, EmittedFile file) =>
        context.AddSource(Path.ChangeExtension(file.Name, ".g.cs"), SourceText.From(file.Text, Encoding.UTF8));
}
