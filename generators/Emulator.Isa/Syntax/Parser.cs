using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <summary>
/// Recursive descent with recovery. An error sets <see cref="panic"/>, which keeps later errors of the same cause quiet until the
/// enclosing list finds the next <c>;</c>, closing brace or declaration.
/// </summary>
internal sealed partial class Parser
{
    /// <summary>Deepest nesting of expressions, statements and types; what is deeper was not written by a person.</summary>
    private const int MaxDepth = 100;

    private const string AfterIf = "after the condition of 'if'";

    private readonly string path;
    private readonly string text;
    private readonly List<Token> tokens;
    private readonly DiagnosticBag diagnostics;
    private readonly CancellationToken cancellation;
    private readonly List<IsaDiagnostic> found = new();
    private int position;
    private Token previous;
    private int depth;
    private bool panic;
    private bool abandoned;

    public Parser(string path, string text, List<Token> tokens, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        this.path = path;
        this.text = text;
        this.tokens = tokens;
        this.diagnostics = diagnostics;
        this.cancellation = cancellation;
        previous = tokens[0] with { Length = 0 };
    }

    /// <summary>The tokens of the bodies of instructions and functions, in order: from one index up to, not including, another.</summary>
    public List<(int First, int End)> Bodies { get; } = new();

    private Token Current => tokens[position];

    private Token Peek(int ahead) => tokens[Math.Min(position + ahead, tokens.Count - 1)];

    private bool At(TokenKind kind) => Current.Kind == kind;

    private bool At(string word) => Current.Is(word);

    /// <summary>Whether this word stands here and the next token is of the kind.</summary>
    private bool At(string word, TokenKind next) => Current.Is(word) && Peek(1).Kind == next;

    private Token Next()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) position++;
        previous = token;
        return token;
    }

    private bool Accept(TokenKind kind)
    {
        if (!At(kind)) return false;
        Next();
        return true;
    }

    private bool Accept(string word)
    {
        if (!At(word)) return false;
        Next();
        return true;
    }

    /// <summary>Notes a body that began with a token and ends here; its key.</summary>
    private string BodyFrom(int first)
    {
        Bodies.Add((first, position));
        return SpecKeys.OfTokens(tokens, first, position);
    }

    /// <summary>The place from a token to the last one taken.</summary>
    private SourceSpan From(Token start) => start.In(path).To(previous.In(path));

    private SourceSpan From(SourceSpan start) => start.To(previous.In(path));

    private void Report(DiagnosticDescriptor descriptor, SourceSpan span, string message, SourceSpan related = default, string note = "")
    {
        // What follows from an error of the lexer, or from another one of this statement, is not another finding.
        if (panic || abandoned || (Current.Tainted && span.Start + span.Length >= previous.End)) return;
        var diagnostic = descriptor.At(span, message);
        found.Add(note.Length == 0 ? diagnostic : diagnostic with { Related = ImmutableArray.Create((related, note)) });
    }

    private void Error(DiagnosticDescriptor descriptor, SourceSpan span, string message)
    {
        Report(descriptor, span, message);
        panic = true;
    }

    private void Unexpected(string expected) =>
        Error(SyntaxDiagnostics.UnexpectedToken, Current.In(path), $"expected {expected}, found {Describe(Current)}");

    private static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => "the end of the file",
        TokenKind.String => "a string",
        _ => "'" + (token.Text.Length > 40 ? token.Text.Substring(0, 40) + "..." : token.Text) + "'",
    };

    /// <summary>Takes a token of the kind, or reports that it was expected <paramref name="where"/> and takes nothing.</summary>
    private bool Expect(TokenKind kind, string shown, string where)
    {
        if (Accept(kind)) return true;
        Unexpected($"{shown} {where}");
        return false;
    }

    private bool ExpectWord(string word, string where)
    {
        if (Accept(word)) return true;
        Unexpected($"'{word}' {where}");
        return false;
    }

    /// <summary>Takes a name; empty when there is none.</summary>
    private string Name(string what)
    {
        if (At(TokenKind.Identifier) && !Words.Reserved.Contains(Current.Text)) return Next().Text;
        if (At(TokenKind.Identifier)) Error(SyntaxDiagnostics.UnexpectedToken, Current.In(path), $"expected {what}, but '{Current.Text}' is a reserved word");
        else Unexpected(what);
        return "";
    }

    /// <summary>Takes the semicolon that ends something. It may be left out before a closing brace.</summary>
    private void Semicolon(string after)
    {
        if (Accept(TokenKind.Semicolon))
        {
            panic = false;
            return;
        }
        bool newLine = Current.Line > previous.Line;
        if (At(TokenKind.RBrace)) return;
        if (panic)
        {
            if (newLine && At(TokenKind.Identifier) && (Words.Statements.Contains(Current.Text) || AtDeclaration())) panic = false;
            return;
        }
        var end = new SourceSpan(path, previous.End, 0, previous.Line, previous.Column + previous.Length);
        string message = newLine || At(TokenKind.End) ? $"expected ';' after {after}" : $"expected ';' after {after}, found {Describe(Current)}";
        Report(SyntaxDiagnostics.MissingSemicolon, newLine ? end : Current.In(path), message);
        if (!newLine) panic = true;
    }

    /// <summary>Counts a level of nesting; false when there are too many, and then the rest of the file is given up.</summary>
    private bool Enter()
    {
        if (++depth <= MaxDepth) return true;
        TooDeep();
        return false;
    }

    private void TooDeep()
    {
        Report(SyntaxDiagnostics.TooDeep, Current.In(path), "this is nested too deeply to be read; the rest of the file is ignored");
        abandoned = panic = true;
        position = tokens.Count - 1;
    }

    /// <summary>A word at the start of a line that begins a declaration: a block open there lacks its closing brace.</summary>
    private bool AtDeclaration() => Current is { Kind: TokenKind.Identifier, Column: 1 }
        && Words.Declarations.Contains(Current.Text)
        && Peek(1).Kind is TokenKind.Identifier or TokenKind.String;

    /// <summary>Goes to the end of what could not be parsed: behind the next <c>;</c> or block, or before the brace that closes the list.</summary>
    private void Synchronize()
    {
        panic = false;
        int braces = 0;
        while (!At(TokenKind.End) && !AtDeclaration())
        {
            cancellation.ThrowIfCancellationRequested();
            if (At(TokenKind.RBrace))
            {
                if (braces == 0) return;
                Next();
                if (--braces > 0) continue;
                if (Accept(TokenKind.Semicolon)) return;
                // Braces in the middle of something are not its end.
                if (!At("else") && Current.Kind is TokenKind.Identifier or TokenKind.RBrace or TokenKind.End) return;
            }
            else if (At(TokenKind.Semicolon) && braces == 0)
            {
                Next();
                return;
            }
            else
            {
                if (At(TokenKind.LBrace) || At(TokenKind.DotBrace)) braces++;
                Next();
            }
        }
    }

    /// <summary>Takes <c>{</c>; after an error in what stands before it, one on the same line will do.</summary>
    private bool OpenBrace(string where)
    {
        if (!At(TokenKind.LBrace) && !panic) Unexpected($"'{{' {where}");
        if (panic && !abandoned)
        {
            int line = Current.Line, ahead = position;
            while (tokens[ahead] is { Kind: not (TokenKind.LBrace or TokenKind.RBrace or TokenKind.Semicolon or TokenKind.End) } token && token.Line == line) ahead++;
            if (tokens[ahead].Kind == TokenKind.LBrace && tokens[ahead].Line == line)
            {
                position = ahead;
                panic = false;
            }
        }
        return Accept(TokenKind.LBrace);
    }

    /// <summary>Items between braces, each of which takes its own semicolon.</summary>
    private void Braces(string where, Action item)
    {
        var opening = Current;
        if (!OpenBrace(where)) return;
        opening = previous;
        while (!Accept(TokenKind.RBrace))
        {
            cancellation.ThrowIfCancellationRequested();
            if (At(TokenKind.End) || (AtDeclaration() && where != AfterIsaName))
            {
                Report(SyntaxDiagnostics.UnclosedBlock, opening.In(path), $"this '{{' is never closed; expected '}}' before {Describe(Current)}", Current.In(path), "expected '}' before this");
                panic = true;
                return;
            }
            if (where == AfterIf && At("else"))
            {
                Report(SyntaxDiagnostics.UnclosedBlock, Current.In(path), "expected '}' before 'else'", opening.In(path), "to close this block");
                return;
            }
            if (Accept(TokenKind.Semicolon)) continue;
            Item(item);
        }
        panic = false;
    }

    /// <summary>One item of a list, and recovery after it; always moves on.</summary>
    private void Item(Action item)
    {
        int before = position;
        item();
        if (panic && !AtDeclaration()) Synchronize();
        if (position != before || At(TokenKind.End) || At(TokenKind.RBrace)) return;
        if (!AtDeclaration()) Unexpected("something else");
        Next();
        panic = false;
    }

    /// <summary>Items between brackets of some kind, separated by commas; a last comma is fine.</summary>
    private ImmutableArray<T> List<T>(TokenKind close, string shown, string where, Func<T> item)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        while (!At(close) && !At(TokenKind.End) && !panic)
        {
            items.Add(item());
            if (!Accept(TokenKind.Comma)) break;
        }
        Expect(close, items.Count == 0 ? shown : $"',' or {shown}", where);
        return items.ToImmutable();
    }

    /// <summary>Names with or without commas, as far as they go.</summary>
    private ImmutableArray<string> Names(Func<bool> stop)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        while ((At(TokenKind.Identifier) || At(TokenKind.String)) && !stop())
        {
            names.Add(Next().Text);
            Accept(TokenKind.Comma);
        }
        return names.ToImmutable();
    }

    /// <summary>One of a few words the language defines here; reported with the nearest one otherwise, and taken all the same.</summary>
    private string OneOf(string what, string[] words)
    {
        if (!At(TokenKind.Identifier))
        {
            Unexpected($"{what} ({string.Join(", ", words)})");
            return "";
        }
        var token = Current;
        if (!words.Contains(token.Text)) Unknown(what, token, words);
        return Next().Text;
    }

    private void Unknown(string what, Token token, IEnumerable<string> words)
    {
        string hint = Suggestion.For(token.Text, words);
        if (hint.Length == 0) hint = "; there are " + string.Join(", ", words);
        Report(SyntaxDiagnostics.UnknownWord, token.In(path), $"{Describe(token)} is no {what}{hint}");
    }

    private void Twice(SourceSpan place, string what) => Report(SyntaxDiagnostics.GivenTwice, place, $"{what} is given twice; keep one");
}
