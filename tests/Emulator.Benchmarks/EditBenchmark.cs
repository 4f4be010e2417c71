using System.Collections.Immutable;
using Emulator.Isa;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Generators;
using Emulator.Isa.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Benchmarks;

/// <summary>Edits one line of a spec, again and again, and runs the generator driver as an editor does.</summary>
internal static class EditBenchmark
{
    /// <summary>Rounds until the compiler runs at its full speed, as it does in an editor.</summary>
    private const int WarmUp = 12;

    /// <summary>A line of the body of ADD: the instruction is bound and generated again.</summary>
    public static List<Cost> OfBody(IReadOnlyList<(string Path, string Text)> files, int repetitions) =>
        Run(files, repetitions, "alu.isa", "\ninstruction ADD ", "do {", i => $" if (dst == {i}) {{ raise UD(); }} ");

    /// <summary>A line of a function that many instructions call: all that depends on it is analysed again, and generated where that says something else.</summary>
    public static List<Cost> OfFunction(IReadOnlyList<(string Path, string Text)> files, int repetitions) =>
        Run(files, repetitions, "flags.isa", "\nfunction flags_add<", "{", FunctionLine);

    /// <summary>A line of the function that every access to memory goes through, which is put in the place of its calls: all of those are generated again.</summary>
    public static List<Cost> OfInlinedFunction(IReadOnlyList<(string Path, string Text)> files, int repetitions) =>
        Run(files, repetitions, "memory.isa", "\nfunction segment(", "{", i => $" if off == {i} {{ return {i}; }} ");

    /// <summary>A line of the body of ADD, with the verdicts of every profile on top: what is generated, and then the derivation of the edited spec.</summary>
    public static List<Cost> OfBodyWithVerdicts(IReadOnlyList<(string Path, string Text)> files, int repetitions) =>
        WithVerdicts(files, repetitions, "alu.isa", "\ninstruction ADD ", "do {", i => $" if (dst == {i}) {{ raise UD(); }} ");

    /// <summary>The same of a line of a function that many instructions call.</summary>
    public static List<Cost> OfFunctionWithVerdicts(IReadOnlyList<(string Path, string Text)> files, int repetitions) =>
        WithVerdicts(files, repetitions, "flags.isa", "\nfunction flags_add<", "{", FunctionLine);

    private static string FunctionLine(int number) => $" let edited = a ^ {number}; ";

    private static List<Cost> WithVerdicts(IReadOnlyList<(string Path, string Text)> files, int repetitions, string file, string declaration, string start, Func<int, string> line)
    {
        var parsed = files.Select(f => SpecParser.Parse(f.Path, f.Text)).ToList();
        var bound = IsaCompiler.Bind(SpecSet.Group(parsed).Isas.Single());
        Verdicts(bound);
        return Run(files, repetitions, file, declaration, start, line, (path, text) =>
        {
            var now = SpecSet.Group([.. parsed.Select(f => f.Path == path ? SpecParser.Parse(path, text) : f)]).Isas.Single();
            bound = IsaCompiler.Revise(bound, now) ?? throw new InvalidOperationException("an edit of a body was bound anew");
            Verdicts(bound);
        });
    }

    private static void Verdicts(BoundIsa bound)
    {
        foreach (var instance in bound.Instances) PopekGoldbergAnalysis.Run(instance.Model, instance.Facts!);
    }

    private static List<Cost> Run(IReadOnlyList<(string Path, string Text)> files, int repetitions, string file, string declaration, string start, Func<int, string> line,
        Action<string, string>? more = null)
    {
        var texts = files.Select(f => new Text(f.Path, f.Text)).ToList();
        var compilation = CSharpCompilation.Create("Edited");
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new IsaGenerator().AsSourceGenerator()], texts);
        driver = driver.RunGenerators(compilation);
        var current = texts.Single(t => Path.GetFileName(t.Path) == file);
        string original = current.Source;
        int body = original.IndexOf(start, original.IndexOf(declaration, StringComparison.Ordinal), StringComparison.Ordinal) + start.Length;
        var costs = new List<Cost>();
        for (int i = 0; i < repetitions + WarmUp; i++)
        {
            var edited = new Text(current.Path, original.Insert(body, line(i)));
            driver = driver.ReplaceAdditionalText(current, edited);
            current = edited;
            var cost = Cost.Start();
            driver = driver.RunGenerators(compilation);
            more?.Invoke(edited.Path, edited.Source);
            if (i >= WarmUp) costs.Add(cost.Stop());
            if (driver.GetRunResult() is { Diagnostics: [var first, ..] }) throw new InvalidOperationException(first.ToString());
        }

        return costs;
    }

    private sealed class Text(string path, string source) : AdditionalText
    {
        private readonly SourceText text = SourceText.From(source, System.Text.Encoding.UTF8);

        public override string Path { get; } = path;

        public string Source { get; } = source;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }
}
