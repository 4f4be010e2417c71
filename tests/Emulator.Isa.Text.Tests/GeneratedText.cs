using System.Reflection;
using System.Runtime.Loader;
using Emulator.Isa.Decoding.Tests;
using Emulator.Isa.Emit;
using Emulator.Isa.Semantics;
using Emulator.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Emulator.Isa.Text.Tests;

/// <summary>Everything generated for a small spec, compiled in memory, as far as texts go.</summary>
internal sealed class GeneratedText
{
    private readonly ITextProbe probe;

    private GeneratedText(IReadOnlyList<EmittedFile> files, ITextProbe probe) => (Files, this.probe) = (files, probe);

    public IReadOnlyList<EmittedFile> Files { get; }

    public IsaMetadata Metadata => probe.Metadata;

    public static GeneratedText Of(string name, string chapter)
    {
        IsaModel model = Specs.Bind(name, chapter);
        var options = new EmitOptions("Emulator.Generated");
        IReadOnlyList<EmittedFile> files = IsaEmitter.Emit(model, options, default);
        var parse = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = files.Append(new EmittedFile("Probe.cs", Shim(new EmitContext(model, options, default)))).Select(f => CSharpSyntaxTree.ParseText(f.Text, parse, f.Name));
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var references = platform.Append(typeof(ITextProbe).Assembly.Location).Append(typeof(CpuHeader).Assembly.Location).Distinct().Select(f => MetadataReference.CreateFromFile(f));
        var compilation = CSharpCompilation.Create($"Text.{name}.{Guid.NewGuid():N}", trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10).Select(d => d.ToString()));
        image.Position = 0;
        Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(image);
        return new GeneratedText(files, (ITextProbe)Activator.CreateInstance(assembly.GetType("Emulator.Generated.Probe")!)!);
    }

    public void Mode(string axis, byte value) => probe.SetMode(axis, value);

    /// <summary>The text of bytes written in hexadecimal, which must be one whole instruction.</summary>
    public string Disassemble(string hex, ulong pc = 0, bool aliases = false)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", ""));
        int length = aliases ? probe.DisassembleWithAliases(bytes, pc, out string text) : probe.Disassemble(bytes, pc, out text);
        return length == bytes.Length ? text : $"length {length}";
    }

    /// <summary>The encoding in hexadecimal, or the error.</summary>
    public string Assemble(string text, ulong pc = 0, bool aliases = false)
    {
        byte[] bytes = new byte[32];
        bool done = aliases ? probe.TryAssembleWithAliases(pc, text, bytes, out int length, out string error) : probe.TryAssemble(pc, text, bytes, out length, out error);
        return done ? Convert.ToHexString(bytes, 0, length) : error;
    }

    public IReadOnlyList<string> Shapes(string mnemonic) => probe.Shapes(mnemonic);

    private static string Shim(EmitContext context)
    {
        string p = context.P;
        var axes = context.Model.Decode.Variables.Where(v => v.Kind == DecodeVariableKind.Axis && v.Initial is not IrExpr.Const);
        string cases = string.Join(" ", axes.Select(v => $"case \"{v.Name}\": mode.{CSharpNames.Member(v.Name)} = value; break;"));
        string aliases = context.Model.Decode.Forms.Exists(f => f.Cases.Exists(c => !c.Aliases.IsEmpty)) ? "WithAliases" : "";
        return $$"""
            using System;
            using System.Collections.Generic;
            using Emulator.Isa.Text.Tests;
            using Emulator.Runtime;
            namespace Emulator.Generated;
            public sealed unsafe class Probe : ITextProbe
            {
                private {{p}}DecodeMode mode;
                public void SetMode(string axis, byte value) { switch (axis) { {{cases}} default: throw new ArgumentException(axis); } }
                public int Disassemble(ReadOnlySpan<byte> bytes, ulong pc, out string text) => {{p}}Disassembler.Disassemble(in mode, bytes, pc, out text);
                public bool TryAssemble(ulong pc, string text, Span<byte> bytes, out int length, out string error) => {{p}}Assembler.TryAssemble(in mode, pc, text, bytes, out length, out error);
                public int DisassembleWithAliases(ReadOnlySpan<byte> bytes, ulong pc, out string text) => {{p}}Disassembler.Disassemble{{aliases}}(in mode, bytes, pc, out text);
                public bool TryAssembleWithAliases(ulong pc, string text, Span<byte> bytes, out int length, out string error) => {{p}}Assembler.TryAssemble{{aliases}}(in mode, pc, text, bytes, out length, out error);
                public IReadOnlyList<string> Shapes(string mnemonic) => {{p}}Assembler.Shapes(mnemonic);
                public IsaMetadata Metadata => {{p}}Metadata.Instance;
            }
            """;
    }
}
