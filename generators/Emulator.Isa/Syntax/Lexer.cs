using System.Numerics;
using System.Text;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>
/// Splits spec text into tokens. Characters that start no token are reported and dropped; numbers carry their error along,
/// because opcode bytes such as <c>0F</c> look like broken numbers until the parser knows where it is.
/// </summary>
internal sealed class Lexer
{
    /// <summary>No value of 128 bits needs more characters, even in binary with separators.</summary>
    private const int LongestNumber = 300;

    private readonly string path;
    private readonly string text;
    private readonly int end;
    private readonly DiagnosticBag diagnostics;
    private readonly List<Token> tokens = new();
    private int position;
    private int line;
    private int lineStart;
    private StringBuilder? doc;
    private bool tainted;

    private Lexer(string path, string text, int start, int end, int line, int column, DiagnosticBag diagnostics)
    {
        this.path = path;
        this.text = text;
        this.end = end;
        this.diagnostics = diagnostics;
        this.line = line;
        position = start;
        lineStart = start - (column - 1);
    }

    /// <summary>The tokens of a whole file, ended by <see cref="TokenKind.End"/>.</summary>
    public static List<Token> Scan(string path, string text, DiagnosticBag diagnostics, CancellationToken cancellation) =>
        new Lexer(path, text, 0, text.Length, 1, 1, diagnostics).Run(cancellation);

    /// <summary>The tokens of a part of a file that starts at a known line and column.</summary>
    public static List<Token> Scan(string path, string text, int start, int end, int line, int column, DiagnosticBag diagnostics) =>
        new Lexer(path, text, start, end, line, column, diagnostics).Run(CancellationToken.None);

    private char At(int offset) => position + offset < end ? text[position + offset] : '\0';

    private List<Token> Run(CancellationToken cancellation)
    {
        while (true)
        {
            SkipTrivia();
            if ((tokens.Count & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            if (position >= end) break;
            char c = text[position];
            if (IsLetter(c)) Identifier();
            else if (IsDigit(c)) Number();
            else if (c == '"') String();
            else Operator();
        }
        Add(TokenKind.End, 0, "");
        return tokens;
    }

    private Token Make(TokenKind kind, int length, string written)
    {
        var token = new Token(kind, position, length, line, position - lineStart + 1, written) { Doc = doc?.ToString(), Tainted = tainted };
        doc = null;
        tainted = false;
        return token;
    }

    private void Add(TokenKind kind, int length, string written)
    {
        tokens.Add(Make(kind, length, written));
        position += length;
    }

    private SourceSpan Here(int length) => new(path, position, length, line, position - lineStart + 1);

    private void SkipTrivia()
    {
        while (position < end)
        {
            char c = text[position];
            if (c is '\n' or '\r') NewLine();
            else if (c is ' ' or '\t' or '\f' or '\v' or '\u00A0' or '\uFEFF') position++;
            else if (c == '/' && At(1) == '/') LineComment();
            else if (c == '/' && At(1) == '*') BlockComment();
            else return;
        }
    }

    private void NewLine()
    {
        position += text[position] == '\r' && At(1) == '\n' ? 2 : 1;
        line++;
        lineStart = position;
    }

    private void LineComment()
    {
        int start = position;
        while (position < end && text[position] is not ('\n' or '\r')) position++;
        bool isDoc = position - start >= 3 && text[start + 2] == '/' && (position - start == 3 || text[start + 3] != '/');
        if (!isDoc) return;
        if (doc is null) doc = new StringBuilder();
        else doc.Append('\n');
        doc.Append(text.Substring(start + 3, position - start - 3).Trim());
    }

    private void BlockComment()
    {
        var opening = Here(2);
        position += 2;
        while (position < end)
        {
            if (text[position] == '*' && At(1) == '/')
            {
                position += 2;
                return;
            }
            if (text[position] is '\n' or '\r') NewLine();
            else position++;
        }
        diagnostics.Add(SyntaxDiagnostics.UnclosedComment, opening, "this comment is never closed; add '*/'");
        tainted = true;
    }

    private void Identifier()
    {
        int length = 1;
        while (IsLetter(At(length)) || IsDigit(At(length))) length++;
        Add(TokenKind.Identifier, length, text.Substring(position, length));
    }

    private void Number()
    {
        int length = 1;
        while (IsLetter(At(length)) || IsDigit(At(length))) length++;
        string written = text.Substring(position, length);
        string? error = ParseNumber(written, out var value);
        tokens.Add(Make(TokenKind.Number, length, written) with { Value = value, Error = error });
        position += length;
    }

    private static string? ParseNumber(string written, out BigInteger value)
    {
        value = BigInteger.Zero;
        if (written.Length > LongestNumber) return "this number is longer than any value can be";
        bool prefixed = written.Length > 1 && written[0] == '0' && written[1] is 'x' or 'X' or 'b' or 'B';
        int radix = !prefixed ? 10 : written[1] is 'x' or 'X' ? 16 : 2;
        int digits = 0;
        for (int i = prefixed ? 2 : 0; i < written.Length; i++)
        {
            char c = written[i];
            if (c == '_') continue;
            int digit = IsDigit(c) ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : c is >= 'A' and <= 'F' ? c - 'A' + 10 : 99;
            if (digit >= radix)
                return radix == 10 && digit < 16 ? $"'{written}' is not a number; hexadecimal is written 0x{written}" : $"'{written}' is not a number: '{c}' is no digit here";
            value = value * radix + digit;
            digits++;
        }
        return digits == 0 ? $"'{written}' has no digits" : null;
    }

    private void String()
    {
        int length = 1;
        var value = new StringBuilder();
        bool broken = false;
        while (true)
        {
            char c = At(length);
            if (position + length >= end || c is '\n' or '\r')
            {
                diagnostics.Add(SyntaxDiagnostics.UnclosedString, Here(length), "this string is not closed on its line; add '\"'");
                broken = true;
                break;
            }
            length++;
            if (c == '"') break;
            if (c != '\\')
            {
                value.Append(c);
                continue;
            }
            char escaped = At(length);
            if (escaped is '\0' or '\n' or '\r') continue;
            length++;
            if (Unescape(escaped) is { } plain)
            {
                value.Append(plain);
                continue;
            }
            var place = new SourceSpan(path, position + length - 2, 2, line, position - lineStart + length - 1);
            diagnostics.Add(SyntaxDiagnostics.UnknownEscape, place, $"'\\{escaped}' is no escape; there are \\\\ \\\" \\n and \\t");
        }
        tokens.Add(Make(TokenKind.String, length, value.ToString()));
        position += length;
        tainted = broken;
    }

    /// <summary>The character that <c>\c</c> stands for.</summary>
    internal static char? Unescape(char c) => c switch { '\\' => '\\', '"' => '"', 'n' => '\n', 't' => '\t', _ => null };

    private void Operator()
    {
        char c = text[position], d = At(1);
        var (kind, length) = (c, d) switch
        {
            ('.', '.') => (TokenKind.DotDot, 2),
            ('.', '[') => (TokenKind.DotBracket, 2),
            ('.', '{') => (TokenKind.DotBrace, 2),
            ('=', '>') => (TokenKind.Arrow, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessEqual, 2),
            ('>', '=') => (TokenKind.GreaterEqual, 2),
            ('<', '<') => (TokenKind.Shl, 2),
            ('>', '>') => (TokenKind.Shr, 2),
            ('&', '&') => (TokenKind.AndAnd, 2),
            ('|', '|') => (TokenKind.OrOr, 2),
            (':', ':') => (TokenKind.Concat, 2),
            ('+', '=') => (TokenKind.PlusAssign, 2),
            ('-', '=') => (TokenKind.MinusAssign, 2),
            ('|', '=') => (TokenKind.OrAssign, 2),
            ('&', '=') => (TokenKind.AndAssign, 2),
            ('^', '=') => (TokenKind.XorAssign, 2),
            ('<', _) => (AfterName() ? TokenKind.WidthOpen : TokenKind.Less, 1),
            _ => (Single(c), 1),
        };
        if (kind != TokenKind.Bad)
        {
            Add(kind, length, text.Substring(position, length));
            return;
        }
        while (IsBad(At(length))) length++;
        diagnostics.Add(SyntaxDiagnostics.InvalidCharacter, Here(length), $"unexpected {Describe(text.Substring(position, length))}");
        position += length;
        tainted = true;
    }

    /// <summary>Whether the character before this one ends a name.</summary>
    private bool AfterName() => tokens.Count > 0 && tokens[tokens.Count - 1] is { Kind: TokenKind.Identifier } last && last.End == position;

    private static TokenKind Single(char c) => c switch
    {
        '(' => TokenKind.LParen, ')' => TokenKind.RParen, '[' => TokenKind.LBracket, ']' => TokenKind.RBracket,
        '{' => TokenKind.LBrace, '}' => TokenKind.RBrace, ',' => TokenKind.Comma, ';' => TokenKind.Semicolon,
        ':' => TokenKind.Colon, '?' => TokenKind.Question, '.' => TokenKind.Dot, '@' => TokenKind.At, '=' => TokenKind.Assign,
        '+' => TokenKind.Plus, '-' => TokenKind.Minus, '*' => TokenKind.Star, '/' => TokenKind.Slash, '%' => TokenKind.Percent,
        '&' => TokenKind.And, '|' => TokenKind.Or, '^' => TokenKind.Xor, '~' => TokenKind.Not, '!' => TokenKind.Bang,
        '>' => TokenKind.Greater, _ => TokenKind.Bad,
    };

    private static bool IsBad(char c) => c is not ('\0' or '<' or '"' or ' ' or '\t' or '\n' or '\r') && !IsLetter(c) && !IsDigit(c) && Single(c) == TokenKind.Bad;

    private static string Describe(string bad)
    {
        var shown = new StringBuilder();
        foreach (char c in bad.Length > 20 ? bad.Substring(0, 20) : bad)
        {
            if (c < ' ' || char.IsSurrogate(c) || char.IsControl(c)) shown.Append("\\u").Append(((int)c).ToString("X4", System.Globalization.CultureInfo.InvariantCulture));
            else shown.Append(c);
        }
        return bad.Length == 1 ? $"character '{shown}'" : $"characters '{shown}'";
    }

    internal static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    internal static bool IsDigit(char c) => c is >= '0' and <= '9';
}
