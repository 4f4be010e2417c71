using Emulator.Isa.Syntax;

namespace Emulator.Isa.Tests.Syntax;

/// <summary>Short ways to parse parts of a spec that must be free of errors.</summary>
internal static class Parsed
{
    public static SpecFile Chapter(string text)
    {
        var file = SpecParser.Parse("test.isa", text);
        Assert.Equal([], file.Diagnostics.Select(d => d.ToString()));
        return file;
    }

    public static Decl Declaration(string text) => Assert.Single(Chapter(text).Declarations);

    public static Expr Expression(string text) => Assert.IsType<Decl.Const>(Declaration($"const X = {text};")).Value;

    public static Stmt Statement(string text) => Assert.Single(Assert.IsType<Decl.Hook>(Declaration($"on boundary {{ {text} }}")).Body.Statements);

    public static DecodeItem DecodeItem(string text) =>
        Assert.Single(Assert.IsType<Decl.Decode>(Declaration($"decode words fetch mem by f {{ {text} }}")).Items);

    public static Form Form(string text) => Assert.Single(Assert.IsType<Decl.Instruction>(Declaration($"instruction I innocuous {{ form {text}; }}")).Forms);

    /// <summary>All findings as <c>ID line:column message</c>.</summary>
    public static string[] Errors(string text) =>
        [.. SpecParser.Parse("test.isa", text).Diagnostics.Select(d => $"{d.Id} {d.Span.Line}:{d.Span.Column} {d.Message}")];
}
