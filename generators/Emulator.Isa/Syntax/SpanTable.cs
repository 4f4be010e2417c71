using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>
/// Where the tokens and lines of one text of a file are. A finding made on an earlier text with the same tokens is moved to this one, so that an edit of a comment
/// binds nothing again and findings still stand in the right place.
/// </summary>
public sealed class SpanTable
{
    private readonly int[] tokens;
    private readonly int[] outline;
    private readonly int[] lines;
    private readonly int length;

    private SpanTable(string path, int[] tokens, int[] outline, int[] lines, int length)
    {
        this.outline = outline;
        Path = path;
        this.tokens = tokens;
        this.lines = lines;
        this.length = length;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    internal static SpanTable Of(string path, string text, List<Token> tokens, List<(int First, int End)> bodies)
    {
        int[] starts = tokens.Select(t => t.Start).ToArray(), outline = SpecKeys.OutlineOf(tokens, bodies).Select(t => t.Start).ToArray();
        var lines = new List<int> { 0 };
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) lines.Add(i + 1);
        }
        return new SpanTable(path, starts, outline, lines.ToArray(), text.Length);
    }

    /// <summary>Line and column, from 0, of a character.</summary>
    public (int Line, int Column) PositionOf(int offset)
    {
        int line = Last(lines, offset);
        return (line, offset - lines[line]);
    }

    /// <summary>
    /// The span here that covers the tokens the given one covers in another text of the same file. The texts have the same tokens, or at least outside of the bodies of
    /// instructions and functions; then the span lies there.
    /// </summary>
    public SourceSpan Move(SpanTable from, SourceSpan span)
    {
        if (ReferenceEquals(from, this) || span.File != Path) return span;
        int start = Move(from, span.Start, span.Start);
        int end = Math.Max(start, Move(from, span.Start + span.Length, Math.Max(span.Start, span.Start + span.Length - 1)));
        var (line, column) = PositionOf(start);
        return new SourceSpan(Path, start, end - start, line + 1, column + 1);
    }

    /// <summary>An offset, kept at its distance from the token that starts last at or before <paramref name="anchor"/>.</summary>
    private int Move(SpanTable from, int offset, int anchor)
    {
        var (there, here) = from.tokens.Length == tokens.Length ? (from.tokens, tokens) : (from.outline, outline);
        int token = Last(there, anchor);
        if (token < 0 || token >= here.Length) return Math.Min(offset, length);
        return Math.Min(here[token] + (offset - there[token]), length);
    }

    /// <summary>Index of the last entry that is not greater; -1 for none.</summary>
    private static int Last(int[] sorted, int value)
    {
        int found = Array.BinarySearch(sorted, value);
        return found >= 0 ? found : ~found - 1;
    }
}
