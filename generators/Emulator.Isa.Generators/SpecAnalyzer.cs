using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using RoslynDescriptor = Microsoft.CodeAnalysis.DiagnosticDescriptor;

namespace Emulator.Isa.Generators;

/// <summary>Reports what does not stop generation: warnings and remarks about specs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpecAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<RoslynDescriptor> SupportedDiagnostics { get; } =
        DiagnosticCatalog.All.Where(d => d.Severity != Severity.Error && !d.IsVirtualizability).Select(d => Descriptors.ById[d.Id]).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(Analyze);
    }

    private static void Analyze(CompilationAnalysisContext context)
    {
        var files = SpecTexts.Of(context.Options.AdditionalFiles, context.CancellationToken);
        if (files.IsEmpty) return;
        var compilation = IsaCompilation.Create(files, BoundSpecs.Bind, context.CancellationToken);
        var found = ImmutableArray.Create(new FoundSet(files, compilation.Diagnostics));
        foreach (var located in LocatedDiagnostic.All(found, files, context.CancellationToken))
        {
            if (located.Diagnostic.Severity != Severity.Error) context.ReportDiagnostic(Descriptors.Convert(located));
        }
    }
}
