using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

/// <summary>One cause, one finding; and what follows it is still understood.</summary>
public sealed class RecoveryTests
{
    [Theory]
    [InlineData("on reset { let x = a b; let y = ; let z = 1; }", "ISA0007 1:22", "ISA0011 1:33")]
    [InlineData("on reset {\n let x = a\n let y = b;\n}", "ISA0007 2:11")]
    [InlineData("on reset {\n let x =\n return;\n}", "ISA0011 3:2")]
    [InlineData("on reset { if a b { c = = 1; } d = 1; }", "ISA0001 1:17", "ISA0011 1:25")]
    [InlineData("on reset { if (a { c = 1; } else { c = 2; } d = 1 }", "ISA0001 1:18")]
    [InlineData("on reset { f(1, 2; g(3)); h(); }", "ISA0001 1:18", "ISA0007 1:24")]
    [InlineData("on reset {\n  if a { b = 1;\n}\nconst X = 1;", "ISA0008 1:10")]
    [InlineData("on reset {\n  { { {\nconst X = 1;\nconst Y = 2", "ISA0007 4:12", "ISA0008 2:7")]
    [InlineData("function f( : u8 { return 1; }\nconst X = ;", "ISA0001 1:13", "ISA0011 2:11")]
    [InlineData("state A : u32 { CF@0 PF@; ZF@6; }\nstate B : u32 { CF@x }", "ISA0001 1:25", "ISA0001 2:20")]
    [InlineData("const A = 1 # 2;\nconst B = $ + 1;", "ISA0002 1:13", "ISA0002 2:11")]
    [InlineData("const A = \"x;\nconst B = \"y;", "ISA0003 1:11", "ISA0003 2:11")]
    [InlineData("const A = f(g(h(;\nconst B = [;", "ISA0011 1:17", "ISA0011 2:11")]
    [InlineData("} } const A = 1; }", "ISA0001 1:1", "ISA0001 1:3", "ISA0001 1:18")]
    [InlineData("12 + 5; const A = 1;", "ISA0001 1:1")]
    [InlineData("instruction I innocuous { form ; form 00 /9x; form 01 (a E); form 02; }", "ISA0015 1:32", "ISA0001 1:43", "ISA0001 1:58")]
    [InlineData("isa x { const A = ; } const B = 1;", "ISA0011 1:19", "ISA0020 1:23")]
    [InlineData("const A = match b { 0 => ; 1 c; _ => 2 };", "ISA0011 1:26", "ISA0001 1:30")]
    public void Findings(string source, params string[] expected) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), Parsed.Errors(source).Select(e => string.Join(' ', e.Split(' ').Take(2))).Order(StringComparer.Ordinal));

    [Fact]
    public void DeclarationsAfterAnErrorAreKept()
    {
        var file = SpecParser.Parse("test.isa", "state A : ;\nconst B = 1;\nfunction f( { return 1; }\ninstruction I innocuous {\n  form zz;\nconst C = 2;\n");
        Assert.Equal(["A", "B", "f", "I", "C"], file.Declarations.Select(d => d.Name));
    }

    [Fact]
    public void UnclosedWidthsAreReadAsComparison()
    {
        var file = SpecParser.Parse("test.isa", "const A = b<c && d;");
        Assert.Equal("(&& (< b c) d)", Dump.Of(Assert.IsType<Decl.Const>(Assert.Single(file.Declarations)).Value));
        Assert.Equal("ISA0013", Assert.Single(file.Diagnostics).Id);
    }

    public static TheoryData<string, string, string> Nests => new()
    {
        { "const A = ", "(", "" },
        { "const A = ", "!", "" },
        { "const A = ", "a[", "" },
        { "const A = ", "f<", "" },
        { "const A = ", "a ? ", "" },
        { "const A = ", "a ? b : ", "" },
        { "const A = ", "match a { 0 => ", "" },
        { "const A = ", "a.[", "" },
        { "const A = a", " + a", ";" },
        { "const A = a", " as u8", ";" },
        { "const A = a", "[0]", ";" },
        { "const A = a", ".b", ";" },
        { "const A = a", " in {1}", ";" },
        { "on reset { ", "{", "" },
        { "on reset { if a { } ", "else if a { } ", "}" },
        { "on reset { ", "while a { ", "" },
        { "on reset { ", "match a { 0 => ", "" },
        { "state A : ", "record { a: ", "" },
        { "state A : ", "(a: ", "" },
        { "state A : ", "u<b as ", "" },
        { "const A = a<", "b<", "" },
    };

    [Theory]
    [MemberData(nameof(Nests))]
    public void DeepNestingIsOneFinding(string head, string repeated, string tail)
    {
        string text = head + string.Concat(Enumerable.Repeat(repeated, 50_000)) + tail;
        // Less stack than any thread that will ever run the parser.
        SpecFile? file = null;
        var thread = new Thread(() => file = SpecParser.Parse("test.isa", text), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Contains("ISA0014", file!.Diagnostics.Select(d => d.Id));
        Assert.True(file.Diagnostics.Length <= 2);
    }

    [Fact]
    public void CancellationStops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SpecParser.Parse("test.isa", "const A = 1;", source.Token));
    }
}
