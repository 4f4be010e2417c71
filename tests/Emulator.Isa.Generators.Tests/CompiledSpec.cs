using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Emulator.Isa.Generators.Tests;

/// <summary>What was generated, compiled with some C# of the test's and loaded.</summary>
internal static class CompiledSpec
{
    /// <summary>Compiles; warnings and errors fail the test.</summary>
    public static (Assembly Assembly, byte[] Pdb) Load(GeneratorRun run, string source, OptimizationLevel level, params string[] symbols)
    {
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest).WithPreprocessorSymbols(symbols);
        var compilation = run.Output.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, parsing));
        if (symbols.Length > 0)
            foreach (var tree in run.Output.SyntaxTrees) compilation = compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(CSharpSyntaxTree.ParseText(tree.GetText(), parsing).GetRoot(), parsing));
        compilation = compilation.WithOptions(compilation.Options.WithOptimizationLevel(level));
        using MemoryStream image = new(), pdb = new();
        var result = compilation.Emit(image, pdb, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.Equal([], result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString()));
        return (new AssemblyLoadContext("Demo").LoadFromStream(new MemoryStream(image.ToArray()), new MemoryStream(pdb.ToArray())), pdb.ToArray());
    }
}
