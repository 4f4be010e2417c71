using System.Collections.Immutable;
using System.Globalization;
using Emulator.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Emit;
using Emulator.Isa.Syntax;
using Emulator.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Spectre.Console;

namespace Emulator.Benchmarks;

/// <summary>
/// What compiling the specs costs, against its budgets: every stage warm, for x86 a one-line edit through the generator driver, the C# compiler on what is generated, and
/// how much that is for each instance. Times are wall-clock medians; processor time stands beside them because a busy machine stretches only the former.
/// </summary>
internal static class BudgetBenchmark
{
    private const int Failed = 1;

    /// <summary>Runs and prints; with <paramref name="enforce"/> the exit code is 1 when a budget is missed.</summary>
    public static int Run(int repetitions, bool enforce, TextWriter output)
    {
        bool met = true;
        foreach ((string folder, string name) in ((string, string)[])[("x86", "Emulator.X86"), ("riscv", "Emulator.RiscV")])
        {
            if (Measure(folder, name, repetitions, output) is not { } kept) return Failed;
            met &= kept;
        }

        output.WriteLine($"Medians of {repetitions} rounds. {(met ? "Every budget is met." : "A budget is missed.")}");
        return met || !enforce ? 0 : Failed;
    }

    /// <summary>Measures one spec; whether its budgets are met, null when it does not compile.</summary>
    private static bool? Measure(string folder, string name, int repetitions, TextWriter output)
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "isa", folder), "*.isa").Order(StringComparer.Ordinal).Select(f => (Path: f, Text: File.ReadAllText(f))).ToList();
        var stages = new Dictionary<string, List<Cost>>();
        EmittedIsa emitted = null!;
        for (int round = 0; round < repetitions + 3; round++)
        {
            // The first rounds warm up: the compiler server is warm, too, when people wait for it.
            if (round == 3) stages.Clear();
            var all = Cost.Start();
            var parsed = Measure(stages, "parse", () => files.Select(f => SpecParser.Parse(f.Path, f.Text)).ToList());
            var isa = Measure(stages, "bind and analyse", () => IsaCompiler.Bind(SpecSet.Group(parsed).Isas.Single()));
            if (!isa.CanEmit)
            {
                foreach (var diagnostic in isa.Diagnostics) output.WriteLine(diagnostic);
                return null;
            }

            Measure(stages, "check encodings", () => IsaCompiler.CheckEncodings(isa));
            emitted = Measure(stages, "emit", () => IsaCompiler.Emit(isa, new EmitOptions(name)));
            Add(stages, "all of it", all.Stop());
            Measure(stages, "verdicts", () => isa.Instances.Select(i => PopekGoldbergAnalysis.Run(i.Model, i.Facts!)).ToList());
        }

        var compile = Compile(emitted, output);
        if (compile is null) return null;

        var table = new Table().Border(TableBorder.Markdown).AddColumn($"{folder} spec").AddColumn(new TableColumn("ms").RightAligned())
            .AddColumn(new TableColumn("processor, ms").RightAligned()).AddColumn(new TableColumn("budget, ms").RightAligned());
        foreach (string stage in (string[])["parse", "bind and analyse", "check encodings", "emit"]) Row(table, stage, Median(stages[stage]), null);
        bool met = Row(table, "all of it, warm", Median(stages["all of it"]), 2000);
        if (folder == "x86")
        {
            met &= Row(table, "edit of one line of a body", Median(EditBenchmark.OfBody(files, repetitions)), 200);
            met &= Row(table, "edit of one line of a function", Median(EditBenchmark.OfFunction(files, repetitions)), 200);
            met &= Row(table, "the same of one in every memory access", Median(EditBenchmark.OfInlinedFunction(files, repetitions)), 200);
        }

        met &= Row(table, "Popek-Goldberg, every profile, warm", Median(stages["verdicts"]), 3000);
        if (folder == "x86")
        {
            met &= Row(table, "edit with Popek-Goldberg, one line of a body", Median(EditBenchmark.OfBodyWithVerdicts(files, repetitions)), 300);
            met &= Row(table, "edit with Popek-Goldberg, one line of a function", Median(EditBenchmark.OfFunctionWithVerdicts(files, repetitions)), 300);
        }

        met &= Row(table, "C# compiler on what is generated", compile.Value, 30_000);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        console.Write(table);
        output.WriteLine($"{files.Count} spec files, {files.Sum(f => f.Text.Count(c => c == '\n'))} lines.");
        foreach (var instance in emitted.Files.GroupBy(f => f.Name[..f.Name.IndexOf('.', StringComparison.Ordinal)]))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{instance.Key}: {instance.Count()} generated files, {instance.Sum(f => f.Text.Count(c => c == '\n'))} lines, {instance.Sum(f => f.Text.Length) / 1024} KB, the longest {instance.Max(f => f.Text.Count(c => c == '\n'))} lines."));
        }

        return met;
    }

    private static T Measure<T>(Dictionary<string, List<Cost>> stages, string name, Func<T> run)
    {
        var cost = Cost.Start();
        var result = run();
        Add(stages, name, cost.Stop());
        return result;
    }

    private static void Add(Dictionary<string, List<Cost>> stages, string name, Cost cost)
    {
        if (!stages.TryGetValue(name, out var list)) stages[name] = list = [];
        list.Add(cost);
    }

    private static Cost? Compile(EmittedIsa emitted, TextWriter output)
    {
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is { } n && (n.StartsWith("System.", StringComparison.Ordinal) || n == "Emulator.Runtime.dll")).Select(p => MetadataReference.CreateFromFile(p));
        var cost = Cost.Start();
        var trees = emitted.Files.Select(f => CSharpSyntaxTree.ParseText(f.Text, parsing, f.Name, System.Text.Encoding.UTF8)).ToImmutableArray();
        var compilation = CSharpCompilation.Create("Generated", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        var stopped = cost.Stop();
        if (result.Success) return stopped;
        foreach (var diagnostic in result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)) output.WriteLine(diagnostic);
        return null;
    }

    private static bool Row(Table table, string name, Cost cost, int? budget)
    {
        string Number(double value) => value.ToString("F0", CultureInfo.InvariantCulture);
        table.AddRow(name, Number(cost.Wall.TotalMilliseconds), Number(cost.Processor.TotalMilliseconds), budget is { } b ? Number(b) : "");
        return budget is null || cost.Wall.TotalMilliseconds <= budget;
    }

    private static Cost Median(List<Cost> costs) => costs.OrderBy(c => c.Wall).ElementAt(costs.Count / 2);
}
