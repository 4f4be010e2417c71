using System.Collections.Immutable;
using System.Text;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Assembly texts. They are parsed as expressions, and only then read as texts.</content>
internal sealed partial class Parser
{
    private AsmText AssemblyText()
    {
        var expression = Expression();
        return panic ? new AsmText.Template(expression.Span, ImmutableArray<AsmText.TemplatePart>.Empty) : AsText(expression);
    }

    private AsmText AsText(Expr expression)
    {
        switch (expression)
        {
            case Expr.Text template:
                return new AsmText.Template(template.Span, TemplateParts(template.Span));
            case Expr.Conditional conditional:
                return new AsmText.Conditional(conditional.Span, conditional.Condition, AsText(conditional.WhenTrue), AsText(conditional.WhenFalse));
            case Expr.Name name:
                return new AsmText.Reference(name.Span, name.Id, name.Widths);
            case Expr.Index { Target: Expr.Name { Widths.Length: 0 } table, Arguments.Length: 1 } element:
                return new AsmText.Element(element.Span, table.Id, element.Arguments[0]);
        }
        if (!panic)
            Report(SyntaxDiagnostics.MalformedText, expression.Span, "a text is a string, the name of a text, an element of a table of strings, or 'c ? text : text'");
        return new AsmText.Template(expression.Span, ImmutableArray<AsmText.TemplatePart>.Empty);
    }

    /// <summary>The parts of a template, read from the source again so that places are exact.</summary>
    private ImmutableArray<AsmText.TemplatePart> TemplateParts(SourceSpan literal)
    {
        var parts = ImmutableArray.CreateBuilder<AsmText.TemplatePart>();
        var plain = new StringBuilder();
        int end = literal.Start + literal.Length;
        if (end > literal.Start + 1 && text[end - 1] == '"') end--;
        for (int i = literal.Start + 1; i < end; i++)
        {
            char c = text[i], next = i + 1 < end ? text[i + 1] : '\0';
            if (c == '\\')
            {
                if (Lexer.Unescape(next) is { } escaped) plain.Append(escaped);
                i++;
            }
            else if (c is '{' or '}' && next == c)
            {
                plain.Append(c);
                i++;
            }
            else if (c == '}')
            {
                Report(SyntaxDiagnostics.MalformedText, Inside(literal, i, 1), "this '}' closes no placeholder; a plain one is written '}}'");
            }
            else if (c == '{')
            {
                int close = text.IndexOf('}', i, end - i);
                if (close < 0)
                {
                    Report(SyntaxDiagnostics.MalformedText, Inside(literal, i, 1), "this placeholder is not closed; a plain brace is written '{{'");
                    break;
                }
                if (plain.Length > 0) parts.Add(new AsmText.TemplatePart(plain.ToString(), null, ImmutableArray<Expr>.Empty, ""));
                plain.Clear();
                parts.Add(Placeholder(Inside(literal, i + 1, close - i - 1)));
                i = close;
            }
            else
            {
                plain.Append(c);
            }
        }
        if (plain.Length > 0) parts.Add(new AsmText.TemplatePart(plain.ToString(), null, ImmutableArray<Expr>.Empty, ""));
        return parts.ToImmutable();
    }

    private static SourceSpan Inside(SourceSpan literal, int start, int length) =>
        new(literal.File, start, length, literal.Line, literal.Column + start - literal.Start);

    private AsmText.TemplatePart Placeholder(SourceSpan place)
    {
        var inner = Lexer.Scan(path, text, place.Start, place.Start + place.Length, place.Line, place.Column, diagnostics);
        var parser = new Parser(path, text, inner, diagnostics, cancellation);
        var part = parser.PlaceholderContent(place);
        foreach (var diagnostic in parser.found) Report(diagnostic.Descriptor, diagnostic.Span, diagnostic.Message);
        return part;
    }

    /// <summary><c>name</c>, <c>name.part</c>, <c>name&lt;w&gt;</c>, each with an optional <c>:format</c>.</summary>
    private AsmText.TemplatePart PlaceholderContent(SourceSpan place)
    {
        var none = ImmutableArray<Expr>.Empty;
        if (!At(TokenKind.Identifier))
        {
            Report(SyntaxDiagnostics.MalformedText, place, "a placeholder names an operand, a text or a decode value; a plain brace is written '{{'");
            return new AsmText.TemplatePart("", "", none, "");
        }
        string name = Next().Text;
        while (At(TokenKind.Dot) && Peek(1).Kind == TokenKind.Identifier)
        {
            Next();
            name += "." + Next().Text;
        }
        var widths = Widths(false);
        string format = "";
        if (Accept(TokenKind.Colon))
        {
            format = text.Substring(Current.Start, place.Start + place.Length - Current.Start).Trim();
            if (format is not ("x" or "d" or "+x"))
                Report(SyntaxDiagnostics.MalformedText, place, $"'{format}' is no number format; there are x (hexadecimal), d (decimal) and +x (signed hexadecimal)");
        }
        else if (!At(TokenKind.End))
        {
            Report(SyntaxDiagnostics.MalformedText, Current.In(path), $"unexpected {Describe(Current)} in a placeholder");
        }
        return new AsmText.TemplatePart("", name, widths, format);
    }
}
