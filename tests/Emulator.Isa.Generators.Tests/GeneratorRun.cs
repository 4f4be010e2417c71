using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Emulator.Isa.Generators.Tests;

/// <summary>
/// A run of the generator. Every run is followed by a second one after an unrelated edit of the C#, which must find everything cached and generate the same.
/// </summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>Everything the test process runs on, the runtime library included.</summary>
    public static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(p => Path.GetFileName(p) is { } n && (n.StartsWith("System.", StringComparison.Ordinal) || n is "Emulator.Runtime.dll" or "netstandard.dll"))
            .Select(p => MetadataReference.CreateFromFile(p))];

    private readonly GeneratorDriver driver;
    private readonly IReadOnlyList<SpecText> specs;

    private readonly (string, string)[] properties;

    private GeneratorRun(GeneratorDriver driver, IReadOnlyList<SpecText> specs, (string, string)[] properties, Compilation output)
    {
        this.properties = properties;
        this.driver = driver;
        this.specs = specs;
        Output = output;
        Result = driver.GetRunResult().Results.Single();
    }

    public GeneratorRunResult Result { get; }

    /// <summary>The compilation with what was generated.</summary>
    public Compilation Output { get; }

    public static GeneratorRun Of(IReadOnlyList<SpecText> specs, params (string Name, string Value)[] properties)
    {
        var driver = CSharpGeneratorDriver.Create(
            [new IsaGenerator().AsSourceGenerator()], specs, Parsing, new TestOptions([("RootNamespace", "Demo"), .. properties]),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return Run(driver, specs, properties);
    }

    /// <summary>Runs again with a file edited.</summary>
    public GeneratorRun Edit(string path, string old, string with)
    {
        var edited = specs.Single(s => s.Path == path);
        var replaced = edited.Edit(old, with);
        return Run(driver.ReplaceAdditionalText(edited, replaced), [.. specs.Select(s => s == edited ? replaced : s)], properties);
    }

    /// <summary>A run from nothing on the same texts: as new files, so that nothing is remembered of them.</summary>
    public GeneratorRun Fresh() => Of([.. specs.Select(s => new SpecText(s.Path, s.Text))], properties);

    private static GeneratorRun Run(GeneratorDriver driver, IReadOnlyList<SpecText> specs, (string, string)[] properties)
    {
        var compilation = Compile("class First { }");
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        var run = new GeneratorRun(driver, specs, properties, output);
        Assert.Null(run.Result.Exception);

        driver = driver.RunGenerators(Compile("class Second { int Unrelated => 1; }"));
        var again = driver.GetRunResult().Results.Single();
        foreach (var (name, steps) in again.TrackedSteps)
            Assert.All(steps.SelectMany(s => s.Outputs), o => Assert.True(o.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"an unrelated edit re-ran {name}: {o.Reason}"));
        Assert.Equal(run.Sources(), again.GeneratedSources.Select(s => (s.HintName, s.SourceText.ToString())));
        return run;
    }

    private static CSharpCompilation Compile(string source) => CSharpCompilation.Create("Demo", [CSharpSyntaxTree.ParseText(source, Parsing)], References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    public IEnumerable<(string Name, string Text)> Sources() => Result.GeneratedSources.Select(s => (s.HintName, s.SourceText.ToString()));

    /// <summary>Why each output of a stage is there: <c>Cached Modified</c>.</summary>
    public string Reasons(string stage) => Result.TrackedSteps.TryGetValue(stage, out var steps) ? string.Join(' ', steps.SelectMany(s => s.Outputs).Select(o => o.Reason)) : "";

    /// <summary>The diagnostics as the command line shows them.</summary>
    public string[] Diagnostics() => [.. Result.Diagnostics.Select(Show)];

    public static string Show(Diagnostic d)
    {
        var span = d.Location.GetLineSpan();
        return $"{span.Path}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})-({span.EndLinePosition.Line + 1},{span.EndLinePosition.Character + 1}): {d.Severity.ToString().ToLowerInvariant()} {d.Id}: {d.GetMessage()}";
    }
}
