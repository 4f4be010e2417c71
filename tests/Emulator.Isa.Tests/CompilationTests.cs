using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Emit;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests;

/// <summary>The facade: what comes out of whole sets of files.</summary>
public sealed class CompilationTests
{
    internal const string Small = """
        isa demo {
          trap UD = 6 fault undefined;
          state R[4] : u32 names A B C D;
          state PC : u32 pc;
          memory mem : u32 little bus;
          function code(pc: u32) : u32 { return pc; }
          decode bytes max 2 else UD() fetch mem by code { field r : u2 plus; operand Z = R[r]; }
          /// Adds.
          instruction INC innocuous { form 40+r (dst: Z); do { dst += 1; } }
        }
        """;

    private const string Parametrised = """
        isa demo {
          param WIDTH in {32, 64};
          instance narrow { WIDTH = 32 }
          instance wide { WIDTH = 64 }
          trap UD = 6 fault undefined;
          state A : u<WIDTH>;
          state PC : u32 pc;
          memory mem : u32 little bus;
          function code(pc: u32) : u32 { return pc; }
          decode bytes max 1 else UD() fetch mem by code { }
          instruction INC innocuous { form 40; do { A += 1; } }
        }
        """;

    [Fact]
    public void OneInstanceWithoutParameters()
    {
        var compilation = IsaCompilation.Create([("demo.isa", Small)]);
        Assert.Empty(compilation.Diagnostics);
        var instance = Assert.Single(Assert.Single(compilation.Isas).Instances);
        Assert.Equal(("demo", "Adds."), (instance.Model.Name, Assert.Single(instance.Model.Instructions).Doc));
        Assert.NotEmpty(instance.Facts!.EffectsOf(instance.Facts.Bodies.Single()).Writes.Select(a => a.Name).Append("refs"));
    }

    [Fact]
    public void InstancesAreBoundWithTheirParameters()
    {
        var compilation = IsaCompilation.Create([("demo.isa", Parametrised)]);
        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(["narrow 32", "wide 64"], compilation.Isas.Single().Instances.Select(i => $"{i.Model.Name} {i.Model.Atoms.Single(a => a.Name == "A").Width}"));
    }

    [Fact]
    public void NothingIsEmittedForASpecWithErrors()
    {
        var isa = IsaCompilation.Create([("demo.isa", Small.Replace("dst += 1", "dst += x"))]).Isas.Single();
        Assert.False(isa.CanEmit);
        Assert.Empty(IsaCompiler.Emit(isa, new EmitOptions("Demo")).Files);
    }

    [Fact]
    public void DefectsOfTheCompilerAreReported()
    {
        // No spec does this: a file whose declarations are not there.
        var file = SpecParser.Parse("demo.isa", Small) with { Declarations = default };
        var isa = IsaCompiler.Bind(new IsaFiles("demo", [file]));
        var finding = Assert.Single(isa.Diagnostics);
        Assert.Equal((InternalDiagnostics.Failure.Id, 1, Severity.Error), (finding.Id, finding.Span.Line, finding.Severity));
        Assert.StartsWith("binding failed; this is a defect of the compiler: ", finding.Message);
        Assert.False(isa.CanEmit);
    }

    [Fact]
    public void CancellationStops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => IsaCompilation.Create([("demo.isa", Small)], source.Token));
    }

    [Theory]
    [InlineData("/// Adds.", "// more\n  /// Adds.", true)]
    [InlineData("dst += 1;", "dst   +=\n1 /* one */;", true)]
    [InlineData("/// Adds.", "/// Adds one.", false)]
    [InlineData("dst += 1", "dst += 2", false)]
    public void MeaningIsTokensAndDocumentation(string old, string with, bool same)
    {
        SpecFile a = SpecParser.Parse("demo.isa", Small), b = SpecParser.Parse("demo.isa", Small.Replace(old, with));
        Assert.NotEqual(a, b);
        Assert.Equal(same, a.MeaningKey == b.MeaningKey);
        Assert.Equal(same, new IsaFiles("demo", [a]).Equals(new IsaFiles("demo", [b])));
    }

    [Fact]
    public void SpansMoveWithTheirTokens()
    {
        SpecFile a = SpecParser.Parse("demo.isa", Small), b = SpecParser.Parse("demo.isa", "// a comment\n" + Small.Replace("{ dst += 1", "{\r\n  /* x */ dst += 1"));
        string text = "// a comment\n" + Small.Replace("{ dst += 1", "{\r\n  /* x */ dst += 1");
        int at = Small.IndexOf("dst += 1", StringComparison.Ordinal);
        var moved = b.Spans!.Move(a.Spans!, new SourceSpan("demo.isa", at, "dst += 1".Length, 9, 55));
        Assert.Equal("dst += 1", text.Substring(moved.Start, moved.Length));
        Assert.Equal((11, 11), (moved.Line, moved.Column));
    }
}
