namespace Emulator.Isa.Diagnostics;

/// <summary>A place in a spec file: a character range, and the line and column (from 1) where it starts.</summary>
/// <param name="File">Path of the file as given to the compiler.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Line">Line of the first character, from 1.</param>
/// <param name="Column">Column of the first character, from 1.</param>
public readonly record struct SourceSpan(string File, int Start, int Length, int Line, int Column)
{
    /// <summary>A span for what stands in no file.</summary>
    public static readonly SourceSpan None = new("", 0, 0, 0, 0);

    /// <summary>The span from the start of this one to the end of another in the same file.</summary>
    public SourceSpan To(SourceSpan end) => end.File == File && end.Start + end.Length > Start
        ? this with { Length = end.Start + end.Length - Start }
        : this;

    public override string ToString() => $"{File}({Line},{Column})";
}
