using System.Collections.Immutable;
using Emulator.Isa.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Emulator.Benchmarks;

/// <summary>Edits one line of an instruction's body, again and again, and runs the generator driver as an editor does.</summary>
internal static class EditBenchmark
{
    private const string File = "alu.isa";

    /// <summary>Rounds until the compiler runs at its full speed, as it does in an editor.</summary>
    private const int WarmUp = 12;

    public static List<Cost> Run(IReadOnlyList<(string Path, string Text)> files, int repetitions)
    {
        var texts = files.Select(f => new Text(f.Path, f.Text)).ToList();
        var compilation = CSharpCompilation.Create("Edited");
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new IsaGenerator().AsSourceGenerator()], texts);
        driver = driver.RunGenerators(compilation);
        var current = texts.Single(t => Path.GetFileName(t.Path) == File);
        string original = current.Source;
        int body = original.IndexOf("do {", original.IndexOf("\ninstruction ADD ", StringComparison.Ordinal), StringComparison.Ordinal) + "do {".Length;
        var costs = new List<Cost>();
        for (int i = 0; i < repetitions + WarmUp; i++)
        {
            // Something that shows in what is generated: ADD with every operand.
            var edited = new Text(current.Path, original.Insert(body, $" if (dst == {i}) {{ raise UD(); }} "));
            driver = driver.ReplaceAdditionalText(current, edited);
            current = edited;
            var cost = Cost.Start();
            driver = driver.RunGenerators(compilation);
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
