using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Types and parameters.</content>
internal sealed partial class Parser
{
    private TypeSyntax Type()
    {
        if (!Enter())
        {
            depth--;
            return MissingType();
        }
        var start = Current;
        var type = ElementType();
        if (At(TokenKind.LBracket) && type is not TypeSyntax.Tuple and not TypeSyntax.Record) type = ArrayOf(start, type);
        depth--;
        return type;
    }

    /// <summary>A type before any <c>[n]</c>; <c>string</c> is only the element of an array.</summary>
    private TypeSyntax ElementType()
    {
        var token = Current;
        if (token.Kind == TokenKind.LParen) return new TypeSyntax.Tuple(token.In(path), Parameters("of the result"));
        if (token.Kind != TokenKind.Identifier || Words.Reserved.Contains(token.Text))
        {
            Error(SyntaxDiagnostics.MissingType, token.In(path), $"expected a type such as u32, s8, bool or the name of an enum, found {Describe(token)}");
            return MissingType();
        }
        Next();
        height = 1;
        switch (token.Text)
        {
            case "bool":
                return new TypeSyntax.Bits(token.In(path), false, new Expr.Number(token.In(path), BigInteger.One));
            case "u" or "s" when At(TokenKind.WidthOpen):
                return new TypeSyntax.Bits(From(token), token.Text == "s", Width(token));
            case "ref" when At(TokenKind.WidthOpen):
                return new TypeSyntax.Ref(From(token), Width(token));
            case "record" when At(TokenKind.LBrace):
                return RecordType(token);
        }
        if (token.Text.Length > 1 && token.Text[0] is 'u' or 's' && token.Text.Skip(1).All(Lexer.IsDigit))
        {
            var place = token.In(path);
            var width = token.Text.Length > 9 ? int.MaxValue : int.Parse(token.Text.Substring(1), CultureInfo.InvariantCulture);
            return new TypeSyntax.Bits(place, token.Text[0] == 's', new Expr.Number(place, width));
        }
        return new TypeSyntax.Named(token.In(path), token.Text);
    }

    private Expr Width(Token type)
    {
        var widths = Widths(false);
        if (widths.Length == 1) return widths[0];
        if (!panic) Error(SyntaxDiagnostics.MissingType, From(type), $"'{type.Text}' takes one width");
        return new Expr.Missing(From(type));
    }

    private TypeSyntax ArrayOf(Token start, TypeSyntax element)
    {
        Next();
        bool outer = inWidths;
        inWidths = false;
        var count = Expression();
        inWidths = outer;
        Expect(TokenKind.RBracket, "']'", "after the number of elements");
        return new TypeSyntax.Array(From(start), element is TypeSyntax.Named { Name: "string" } ? null : element, count);
    }

    private TypeSyntax MissingType() => new TypeSyntax.Bits(Current.In(path), false, new Expr.Missing(Current.In(path)));

    private TypeSyntax RecordType(Token start)
    {
        var fields = ImmutableArray.CreateBuilder<RecordField>();
        Braces("to open the record", () => fields.Add(RecordField()));
        return new TypeSyntax.Record(From(start), fields.ToImmutable());
    }

    private RecordField RecordField()
    {
        var start = Current;
        if (At("derived", TokenKind.Identifier))
        {
            Next();
            string derived = Name("the name of a derived field");
            Expect(TokenKind.Colon, "':'", "after the name of a field");
            var derivedType = Type();
            Expect(TokenKind.Assign, "'='", "and the formula of a derived field");
            var formula = Expression();
            var place = From(start);
            Semicolon("a derived field");
            return new RecordField(place, derived, derivedType, StateAttributes.None, ImmutableArray<StateMember>.Empty, formula);
        }
        string name = Name("the name of a field");
        Expect(TokenKind.Colon, "':'", "after the name of a field");
        var type = Type();
        var attributes = Attributes(StateAttributes.None);
        var span = From(start);
        var members = ImmutableArray<StateMember>.Empty;
        if (At(TokenKind.LBrace)) members = StateMembers();
        attributes = Attributes(attributes);
        EndOfBody("a field of the record");
        return new RecordField(span, name, type, attributes, members, null);
    }

    /// <summary>A semicolon, or nothing after a closing brace.</summary>
    private void EndOfBody(string after)
    {
        if (previous.Kind == TokenKind.RBrace && !panic) Accept(TokenKind.Semicolon);
        else Semicolon(after);
    }

    /// <summary><c>(a: u32, b: bool)</c></summary>
    private ImmutableArray<Parameter> Parameters(string of)
    {
        if (!Expect(TokenKind.LParen, "'('", $"before the parameters {of}")) return ImmutableArray<Parameter>.Empty;
        return List(TokenKind.RParen, "')'", $"after the parameters {of}", () =>
        {
            var start = Current;
            string name = Name("the name of a parameter");
            Expect(TokenKind.Colon, "':'", "and the type of a parameter");
            var type = Type();
            return new Parameter(From(start), name, type);
        });
    }

    /// <summary>Names of width parameters: <c>&lt;w&gt;</c> after the name of what is being declared.</summary>
    private ImmutableArray<string> WidthParameters()
    {
        if (!Accept(TokenKind.WidthOpen)) return ImmutableArray<string>.Empty;
        var names = ImmutableArray.CreateBuilder<string>();
        do names.Add(Name("the name of a width"));
        while (!panic && Accept(TokenKind.Comma));
        if (!panic && !CloseWidths()) Unexpected("',' or '>' after the name of a width");
        return names.ToImmutable();
    }
}
