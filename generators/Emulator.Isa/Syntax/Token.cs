using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>A token and where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Text">As written; for strings the text between the quotes with escapes resolved.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int Length, int Line, int Column, string Text)
{
    /// <summary>Value of a number.</summary>
    public BigInteger Value { get; init; }

    /// <summary>What is wrong with a number. Reported when the parser takes it as a number: <c>0F</c> is a fine opcode byte.</summary>
    public string? Error { get; init; }

    /// <summary>The <c>///</c> lines before it.</summary>
    public string? Doc { get; init; }

    /// <summary>Whether the lexer reported something right before or in this token, so that what follows from it is not reported again.</summary>
    public bool Tainted { get; init; }

    /// <summary>Offset after the last character.</summary>
    public int End => Start + Length;

    /// <summary>The place of the token.</summary>
    public SourceSpan In(string file) => new(file, Start, Length, Line, Column);

    /// <summary>Whether it is this word.</summary>
    public bool Is(string word) => Kind == TokenKind.Identifier && Text == word;
}
