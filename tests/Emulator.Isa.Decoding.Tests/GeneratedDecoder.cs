using System.Reflection;
using System.Runtime.Loader;
using Emulator.Isa.Emit;
using Emulator.Isa.Emit.Decoding;
using Emulator.Isa.Semantics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>The decoder generated for a model, compiled in memory.</summary>
internal sealed class GeneratedDecoder
{
    private GeneratedDecoder(IsaModel model, IReadOnlyList<EmittedFile> files, IDecoderProbe probe) => (Model, Files, Probe) = (model, files, probe);

    public IsaModel Model { get; }

    public IReadOnlyList<EmittedFile> Files { get; }

    public IDecoderProbe Probe { get; }

    private static readonly Lazy<GeneratedDecoder> LazyX86 = new(() => Of(Specs.X86));

    /// <summary>That of the repository's x86 spec: compiled once, with a probe of its own for every caller, as tests run in parallel.</summary>
    public static GeneratedDecoder X86 => new(LazyX86.Value.Model, LazyX86.Value.Files, (IDecoderProbe)Activator.CreateInstance(LazyX86.Value.Probe.GetType())!);

    public static GeneratedDecoder Of(string name, string chapter) => Of(Specs.Bind(name, chapter));

    public static GeneratedDecoder Of(IsaModel model)
    {
        var context = new EmitContext(model, new EmitOptions("Emulator.Generated"), default);
        EmittedFile[] files = [.. new DecoderEmitter().Emit(context)];
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = files.Append(new EmittedFile("Probe.cs", Shim(context))).Select(f => CSharpSyntaxTree.ParseText(f.Text, options, f.Name));
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var references = platform.Append(typeof(IDecoderProbe).Assembly.Location).Append(typeof(Emulator.Runtime.CpuHeader).Assembly.Location).Distinct()
            .Select(f => MetadataReference.CreateFromFile(f));
        var compilation = CSharpCompilation.Create("Generated." + context.P + "." + Guid.NewGuid().ToString("N"), trees, references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10).Select(d => $"{d} {d.Location.SourceTree?.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line]}"));
        image.Position = 0;
        Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(image);
        return new GeneratedDecoder(model, files, (IDecoderProbe)Activator.CreateInstance(assembly.GetType("Emulator.Generated.Probe")!)!);
    }

    public void Mode(params (string Axis, byte Value)[] values)
    {
        foreach ((string axis, byte value) in values) Probe.SetMode(axis, value);
    }

    /// <summary>Decodes bytes written in hexadecimal; returns the length and, when there is one, the instruction with its encoding: <c>2 ADD 01 /r</c>.</summary>
    public string Decode(string hex, ulong pc = 0)
    {
        int length = Probe.Decode(Convert.FromHexString(hex.Replace(" ", "")), pc);
        if (length == 0) return "more";
        if (length < 0) return $"{Model.Traps[(int)Probe.RejectTrap - 1].Name}({Probe.RejectA})";
        FormModel form = Model.Decode.Forms[Probe.Form];
        Assert.Same(form, Model.Variants[Probe.Variant].Form);
        return $"{length} {form.Instruction.Name}";
    }

    /// <summary>The value of a field of the last instruction.</summary>
    public object Field(string name)
    {
        object instruction = Probe.Instruction;
        return instruction.GetType().GetField(name)?.GetValue(instruction) ?? instruction.GetType().GetProperty(name)!.GetValue(instruction)!;
    }

    private static string Shim(EmitContext context)
    {
        string p = context.P;
        var fields = context.Model.Decode.Variables.Where(v => v.Kind == DecodeVariableKind.Axis && v.Initial is not IrExpr.Const);
        string cases = string.Join(" ", fields.Select(v => $"case \"{v.Name}\": mode.{CSharpNames.Member(v.Name)} = value; break;"));
        return $$"""
            using System;
            using Emulator.Isa.Decoding.Tests;
            namespace Emulator.Generated;
            public sealed unsafe class Probe : IDecoderProbe
            {
                private {{p}}DecodeMode mode;
                private {{p}}Instruction last;
                public void SetMode(string axis, byte value) { switch (axis) { {{cases}} default: throw new ArgumentException(axis); } }
                public void SetMode(byte[] state) { fixed (byte* s = state) mode = {{p}}DecodeMode.Of((Emulator.Runtime.CpuHeader*)s); }
                public int Decode(ReadOnlySpan<byte> bytes, ulong pc)
                {
                    fixed (byte* b = bytes) fixed ({{p}}Instruction* i = &last) return {{p}}Decoder.Decode(in mode, b, bytes.Length, pc, i);
                }
                public int Form => last.Form;
                public int Variant => last.Variant;
                public uint RejectTrap => last.RejectTrap;
                public ulong RejectA => last.RejectA;
                public object Instruction => last;
                public int DecodeAll(ReadOnlySpan<byte> bytes)
                {
                    int count = 0;
                    fixed (byte* b = bytes)
                    {
                        {{p}}Instruction i;
                        for (int at = 0; at < bytes.Length; count++)
                        {
                            int length = {{p}}Decoder.Decode(in mode, b + at, bytes.Length - at, (ulong)at, &i);
                            at += length > 0 ? length : 1;
                        }
                    }
                    return count;
                }
            }
            """;
    }
}
