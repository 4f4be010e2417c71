using System.Collections.Immutable;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using RoslynDescriptor = Microsoft.CodeAnalysis.DiagnosticDescriptor;

namespace Emulator.Isa.Generators;

/// <summary>
/// Compares the marks of instructions with what their semantics say, per hosting profile, and the verdicts with committed ones where those are among the
/// additional files (<c>ISA.PROFILE.txt</c>).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PopekGoldbergAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<RoslynDescriptor> SupportedDiagnostics { get; } =
        DiagnosticCatalog.All.Where(d => d.IsVirtualizability).Select(d => Descriptors.ById[d.Id]).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(Analyze);
    }

    private static void Analyze(CompilationAnalysisContext context)
    {
        var files = SpecTexts.Of(context.Options.AdditionalFiles, context.CancellationToken);
        foreach (var isa in SpecSet.Group(files, context.CancellationToken).Isas.Select(i => BoundSpecs.Bind(i, context.CancellationToken)))
        {
            if (!isa.CanEmit) continue;
            var found = isa.Instances.SelectMany(i => Findings(i, context)).ToImmutableArray();
            var sets = ImmutableArray.Create(new FoundSet(isa.Files.Files, found));
            foreach (var located in LocatedDiagnostic.All(sets, files, context.CancellationToken))
            {
                if (located.Diagnostic.Descriptor.IsVirtualizability) context.ReportDiagnostic(Descriptors.Convert(located));
            }
        }
    }

    private static IEnumerable<IsaDiagnostic> Findings(BoundInstance instance, CompilationAnalysisContext context)
    {
        var report = PopekGoldbergAnalysis.Run(instance.Model, instance.Facts!, context.CancellationToken);
        return report.Diagnostics.Concat(report.Profiles.SelectMany(profile =>
        {
            string name = Expectation.FileName(instance.Model, profile);
            var committed = context.Options.AdditionalFiles.FirstOrDefault(f => Path.GetFileName(f.Path) == name);
            return committed is null
                ? ImmutableArray<IsaDiagnostic>.Empty
                : Expectation.Check(instance.Model, profile, committed.Path, committed.GetText(context.CancellationToken)?.ToString());
        }));
    }
}
