using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>Parses spec files.</summary>
public static class SpecParser
{
    /// <summary>
    /// Parses one file: a root (<c>isa NAME { ... }</c>) or a chapter. Never fails: what is wrong with the text stands in
    /// <see cref="SpecFile.Diagnostics"/>, and the declarations hold what could be made of it.
    /// </summary>
    /// <param name="path">Path for diagnostics and includes; not opened.</param>
    /// <param name="text">The text of the file.</param>
    /// <param name="cancellation">Stops the work with an <see cref="OperationCanceledException"/>.</param>
    public static SpecFile Parse(string path, string text, CancellationToken cancellation = default)
    {
        var diagnostics = new DiagnosticBag();
        var tokens = Lexer.Scan(path, text, diagnostics, cancellation);
        string meaning = SpecKeys.OfTokens(tokens), key = SpecKeys.OfText(text);
        var words = WordCount.Of(tokens);
        var parser = new Parser(path, text, tokens, diagnostics, cancellation);
        var file = parser.File();
        string outline = SpecKeys.OfOutline(tokens, parser.Bodies);
        var spans = SpanTable.Of(path, text, tokens, parser.Bodies);
        bool clean = file.Diagnostics.IsEmpty;
        return file with { TextKey = key, MeaningKey = clean ? meaning : key, OutlineKey = clean ? outline : key, Spans = spans, Words = words };
    }
}
