using Emulator.Isa.Syntax;

namespace Emulator.Isa.Diagnostics;

/// <summary>Lines and columns of a span, from 0.</summary>
public readonly record struct LineRange(int StartLine, int StartColumn, int EndLine, int EndColumn)
{
    public static LineRange Of(SpanTable table, SourceSpan span)
    {
        var (startLine, startColumn) = table.PositionOf(span.Start);
        var (endLine, endColumn) = table.PositionOf(span.Start + span.Length);
        return new LineRange(startLine, startColumn, endLine, endColumn);
    }

    /// <summary>A range for a span in a file that is not at hand.</summary>
    public static LineRange OfStart(SourceSpan span)
    {
        int line = Math.Max(0, span.Line - 1), column = Math.Max(0, span.Column - 1);
        return new LineRange(line, column, line, column + span.Length);
    }
}
