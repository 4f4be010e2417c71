using System.Numerics;
using System.Reflection;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>Specs to decode by: small ones written in the tests, and those of the repository.</summary>
internal static class Specs
{
    private static readonly string Root = typeof(Specs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EmulatorRoot").Value!;

    private static readonly Lazy<IsaModel> LazyX86 = new(() => Bind(Read("x86")));

    /// <summary>The x86 spec of the repository.</summary>
    public static IsaModel X86 => LazyX86.Value;

    /// <summary>Binds a spec that has one chapter.</summary>
    public static IsaModel Bind(string name, string chapter) => Bind([("root.isa", $"isa {name} {{ include \"chapter.isa\"; }}"), ("chapter.isa", chapter)]);

    private static (string, string)[] Read(string isa) =>
        [.. Directory.GetFiles(Path.Combine(Root, "isa", isa), "*.isa").Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), File.ReadAllText(f)))];

    private static IsaModel Bind((string Path, string Text)[] files)
    {
        var parsed = files.Select(f => SpecParser.Parse(f.Path, f.Text)).ToArray();
        var set = SpecSet.Group(parsed);
        var diagnostics = new DiagnosticBag();
        var isa = Assert.Single(set.Isas);
        IsaModel model = Emulator.Isa.Binding.Binder.Bind(isa.Name, isa.Files, new Dictionary<string, BigInteger>(), diagnostics, default);
        Assert.Empty(parsed.SelectMany(f => f.Diagnostics).Concat(set.Diagnostics).Concat(diagnostics.ToImmutable()).Where(d => d.Severity == Severity.Error).Select(d => $"{d.Span.File}({d.Span.Line}): {d.Id} {d.Message}"));
        return model;
    }
}
