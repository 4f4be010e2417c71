namespace Emulator.Isa.Generators.Tests;

/// <summary>What an edit re-runs. That an unrelated C# edit re-runs nothing is part of every run (<see cref="GeneratorRun"/>).</summary>
public sealed class CachingTests
{
    private static GeneratorRun Both(params (string, string)[] properties) => GeneratorRun.Of(TestSpecs.Load("bytes", "words"), properties);

    [Fact]
    public void SpecsAreFreeOfFindings()
    {
        var run = Both();
        Assert.Equal([], run.Diagnostics());
        Assert.Equal("New New New New", run.Reasons(Stages.Parse));
        Assert.Equal("New New", run.Reasons(Stages.Emit));
    }

    [Theory]
    [InlineData("bytes/alu.isa", "chapter \"Arithmetic\";", "// Another comment.\n\n/* and one more */ chapter \"Arithmetic\";")]
    [InlineData("bytes/alu.isa", "let sum = zext<9>(R0) + zext<9>(src);", "let sum =\n      zext<9>(R0)   // first\n    + zext<9>(src);")]
    [InlineData("words/words.isa", "format R", "//\n    format R")]
    public void CommentReRunsParseOnly(string path, string old, string with)
    {
        var before = Both();
        var after = before.Edit(path, old, with);
        Assert.Equal("Modified", string.Join(' ', after.Reasons(Stages.Parse).Split(' ').Except(["Cached"])));
        Assert.Equal("Unchanged", string.Join(' ', after.Reasons(Stages.Meaning).Split(' ').Except(["Cached"])));
        Assert.Equal("Cached", after.Reasons(Stages.Group));
        Assert.Equal("Cached Cached", after.Reasons(Stages.Isa));
        Assert.Equal("Cached Cached", after.Reasons(Stages.Bind));
        Assert.Equal("Cached Cached", after.Reasons(Stages.Emit));
        Assert.Equal("Cached Cached", after.Reasons(Stages.EmitDecoding));
        Assert.Equal(before.Sources(), after.Sources());
        // And that is what a build from nothing generates.
        Assert.Equal(after.Fresh().Sources(), after.Sources());
    }

    [Fact]
    public void CommentThatMovesLinesReEmitsWithLines()
    {
        var after = Both(("IsaLines", "true")).Edit("bytes/alu.isa", "instruction DIV", "// moved\ninstruction DIV");
        Assert.Equal("Modified Cached", after.Reasons(Stages.Bind));
    }

    [Theory]
    [InlineData("bytes/alu.isa", "instruction MOV", "instruction NOP innocuous { form 00; do { } }\ninstruction MOV", "Modified Cached")]
    [InlineData("words/words.isa", "instruction JR", "instruction NOP innocuous { form R { op = 0, f = 0, rs2 = 0, rs1 = 0, rd = 0 }; asm \"nop\"; do { } }\n  instruction JR", "Cached Modified")]
    public void InstructionReEmitsItsIsaAlone(string path, string old, string with, string reasons)
    {
        var after = Both().Edit(path, old, with);
        Assert.Equal([], after.Diagnostics());
        Assert.Equal(reasons, after.Reasons(Stages.Isa).Replace("Unchanged", "Cached", StringComparison.Ordinal));
        Assert.Equal(reasons, after.Reasons(Stages.Bind));
        Assert.Equal(reasons, after.Reasons(Stages.Emit));
    }

    [Fact]
    public void BodyReEmitsNoDecoding()
    {
        var after = Both().Edit("bytes/alu.isa", "R0 = R0 / src;", "R0 = R0 / src;\n    R1 = 1;");
        Assert.Equal("Modified Cached", after.Reasons(Stages.Bind));
        Assert.Equal("Modified Cached", after.Reasons(Stages.Emit));
        Assert.Equal("Unchanged Cached", after.Reasons(Stages.Outline));
        Assert.Equal("Cached Cached", after.Reasons(Stages.EmitDecoding));
        Assert.Equal("Cached Cached", after.Reasons(Stages.CheckEncodings));
        Assert.Equal(after.Fresh().Sources().Order(), after.Sources().Order());
    }

    [Theory]
    [InlineData("{ return a / b; }", "{ let edited = a ^ b; return a / b; }")]
    // What calls it is bound otherwise then.
    [InlineData("{ return a / b; }", "{ if b == 3 { raise ZERO(a); } return a / b; }")]
    public void FunctionReEmitsNoDecoding(string old, string with)
    {
        var after = WithFunction().Edit("bytes/alu.isa", old, with);
        Assert.Equal([], after.Diagnostics());
        Assert.Equal("Modified Cached", after.Reasons(Stages.Bind));
        Assert.Equal("Modified Cached", after.Reasons(Stages.Emit));
        Assert.Equal("Unchanged Cached", after.Reasons(Stages.Outline));
        Assert.Equal("Cached Cached", after.Reasons(Stages.EmitDecoding));
        Assert.Equal("Cached Cached", after.Reasons(Stages.CheckEncodings));
        Assert.Equal(after.Fresh().Sources().Order(), after.Sources().Order());
    }

    [Fact]
    public void FunctionOfDecodingReEmitsIt()
    {
        var after = WithFunction().Edit("bytes/state.isa", "{ return pc; }", "{ return pc + 0; }");
        Assert.Equal("Modified Cached", after.Reasons(Stages.Outline));
        Assert.Equal(after.Fresh().Sources().Order(), after.Sources().Order());
    }

    private static GeneratorRun WithFunction()
    {
        var run = Both().Edit("bytes/alu.isa", "R0 = R0 / src;", "R0 = quotient(R0, src);").Edit("bytes/alu.isa", "/// Divides", "function quotient(a: u8, b: u8) : u8 { return a / b; }\n\n/// Divides");
        Assert.Equal([], run.Diagnostics());
        return run;
    }

    [Theory]
    [InlineData("form FF;", "form FE;")]
    [InlineData("field rr : u2 plus;", "field rr : u2 plus; field r2 : u1 plus;")]
    public void EncodingsReEmitDecoding(string old, string with)
    {
        string path = TestSpecs.Load("bytes").Single(s => s.Text.Contains(old, StringComparison.Ordinal)).Path;
        var after = Both().Edit(path, old, with);
        Assert.Equal("Modified Cached", after.Reasons(Stages.Outline));
        Assert.Equal("Modified Cached", after.Reasons(Stages.CheckEncodings).Replace("Unchanged", "Modified", StringComparison.Ordinal));
        Assert.Equal(after.Fresh().Sources().Order(), after.Sources().Order());
    }

    [Fact]
    public void FindingsOfEncodingsMoveWithoutCheckingThem()
    {
        var overlap = Both().Edit("bytes/alu.isa", "form FF;", "form F0;");
        string before = Assert.Single(overlap.Diagnostics());
        Assert.StartsWith("bytes/alu.isa(36,", before);
        var moved = overlap.Edit("bytes/alu.isa", "R0 = R0 / src;", "R0 = R0 / src;\n    R1 = R1 + 1;");
        Assert.Equal("Cached Cached", moved.Reasons(Stages.CheckEncodings));
        Assert.StartsWith("bytes/alu.isa(37,", Assert.Single(moved.Diagnostics()));
        Assert.Equal(moved.Fresh().Diagnostics(), moved.Diagnostics());
    }

    [Fact]
    public void DocumentationIsMeaning() =>
        Assert.Equal("Modified Cached", Both().Edit("bytes/alu.isa", "/// Adds an operand", "/// Adds some operand").Reasons(Stages.Bind));

    [Fact]
    public void FindingsMoveWithoutBinding()
    {
        var broken = Both().Edit("bytes/alu.isa", "R0 = R0 / src;", "R0 = R0 / scr;");
        string[] found = broken.Diagnostics();
        Assert.Equal(["bytes/alu.isa(20,15)-(20,18): error ISA1011: 'scr' is not declared (did you mean 'src'?)"], found);
        var moved = broken.Edit("bytes/alu.isa", "/// Divides", "// one\n// two\n/// Divides").Edit("bytes/alu.isa", "R0 = R0 / scr", "R0 = /* here */ R0 / scr");
        Assert.Equal(["bytes/alu.isa(22,26)-(22,29): error ISA1011: 'scr' is not declared (did you mean 'src'?)"], moved.Diagnostics());
        Assert.Equal("Cached Cached", moved.Reasons(Stages.Bind));
    }

    [Fact]
    public void NamespaceIsTheProjects()
    {
        var run = GeneratorRun.Of(TestSpecs.Load("bytes"), ("IsaNamespace", "Other"));
        Assert.Equal("New", run.Reasons(Stages.Emit));
        Assert.All(run.Sources(), s => Assert.Contains("namespace Other", s.Text, StringComparison.Ordinal));
    }
}
