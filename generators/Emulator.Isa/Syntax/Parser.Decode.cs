using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>The decode block.</content>
internal sealed partial class Parser
{
    private static readonly string[] EncodingKinds = { "bytes", "words" };

    private Decl Decode(Token start)
    {
        bool words = OneOf("kind of encoding", EncodingKinds) == "words";
        var span = From(start);
        Expr? max = null;
        Stmt.Raise? tooLong = null;
        string? fetch = null, by = null;
        while (At(TokenKind.Identifier) && !panic)
        {
            var word = Next();
            bool twice = word.Text switch { "max" => max is not null, "else" => tooLong is not null, "fetch" => fetch is not null, "by" => by is not null, _ => false };
            if (twice) Twice(word.In(path), $"'{word.Text}'");
            switch (word.Text)
            {
                case "max": max = Expression(); break;
                case "else": tooLong = Raise(Current); break;
                case "fetch": fetch = Name("the memory instructions are fetched from"); break;
                case "by": by = Name("the function that maps the pc to an address"); break;
                default: Unknown("clause of 'decode'", word, Words.DecodeClauses); break;
            }
        }
        // A block that says nothing of fetching adds to the one that does.
        bool adds = max is null && tooLong is null && fetch is null && by is null;
        if (!adds && (fetch is null || by is null)) Report(SyntaxDiagnostics.MissingPart, span, "'decode' needs 'fetch MEMORY by FUNCTION'");
        if (!adds && !words && (max is null || tooLong is null)) Report(SyntaxDiagnostics.MissingPart, span, "'decode bytes' needs 'max LENGTH else TRAP'");
        var items = ImmutableArray.CreateBuilder<DecodeItem>();
        Braces("before the items of 'decode'", () => DecodeItem(items));
        return new Decl.Decode(span, words, max, tooLong, fetch ?? "", by ?? "", items.ToImmutable());
    }

    private void DecodeItem(ImmutableArray<DecodeItem>.Builder items)
    {
        var start = Current;
        if (start.Kind != TokenKind.Identifier)
        {
            Unexpected("an item of 'decode'");
            return;
        }
        Next();
        switch (start.Text)
        {
            case "axis": items.Add(Axis(start)); break;
            case "var": items.Add(Variable(start)); break;
            case "field": items.Add(Field(start)); break;
            case "attribute": FormAttributes(items); break;
            case "prefix": items.Add(Prefix(start)); break;
            case "procedure": items.Add(DecodeProcedure(start)); break;
            case "width": items.Add(WidthItem(start)); break;
            case "reject": items.Add(Reject(start)); break;
            case "value" or "derive" or "let": items.Add(Value(start)); break;
            case "operand": items.Add(Operand(start)); break;
            case "text": items.Add(TextItem(start)); break;
            case "format": items.Add(Format(start)); break;
            default:
                Error(SyntaxDiagnostics.UnknownWord, start.In(path), $"'{start.Text}' begins no item of 'decode'{Suggestion.For(start.Text, Words.DecodeItems)}");
                break;
        }
    }

    private DecodeItem Axis(Token start)
    {
        string name = Name("the name of an axis");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the values of the axis");
        var values = NumberSet("of the axis");
        Expect(TokenKind.Assign, "'='", "and the initial value of the axis");
        var initial = Expression();
        Semicolon("the axis");
        return new DecodeItem.Axis(span, name, values, initial);
    }

    private DecodeItem Variable(Token start)
    {
        string name = Name("the name of a decode variable");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the decode variable");
        var type = Type();
        Expr? initial = Accept(TokenKind.Assign) ? Expression() : null;
        Semicolon("the decode variable");
        return new DecodeItem.Variable(span, name, type, initial);
    }

    private DecodeItem Field(Token start)
    {
        string name = Name("the name of a field");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the field");
        var type = Type();
        string? slash = null;
        bool plus = false, axis = false;
        while (At(TokenKind.Identifier) && !panic)
        {
            var word = Next();
            if (word.Text == "slash") slash = Name("the part that '/3' refers to");
            else if (word.Text == "plus") plus = true;
            else if (word.Text == "axis") axis = true;
            else Unknown("property of a field", word, new[] { "slash", "plus", "axis" });
        }
        var parts = ImmutableArray.CreateBuilder<StateMember.BitField>();
        if (At(TokenKind.LBrace) && !panic)
        {
            Braces("", () =>
            {
                var fields = BitFields();
                if (fields.Count == 0) Unexpected("a bit field (NAME@HIGH:LOW)");
                parts.AddRange(fields);
                Semicolon("a bit field");
            });
        }
        EndOfBody("the field");
        return new DecodeItem.Field(span, name, type, slash, plus, axis, parts.ToImmutable());
    }

    private void FormAttributes(ImmutableArray<DecodeItem>.Builder items)
    {
        do
        {
            var place = Current;
            string name = Name("the name of an attribute of forms");
            items.Add(new DecodeItem.Attribute(From(place), name));
        }
        while (!panic && Accept(TokenKind.Comma));
        Semicolon("the attribute");
    }

    private DecodeItem Prefix(Token start)
    {
        var bytes = OpcodeBytes("a prefix");
        var span = From(start);
        return new DecodeItem.Prefix(span, bytes, Block("after the bytes of the prefix"));
    }

    private DecodeItem DecodeProcedure(Token start)
    {
        string name = Name("the name of a decode procedure");
        var span = From(start);
        if (Accept(TokenKind.LParen)) Expect(TokenKind.RParen, "')'", "because a decode procedure has no parameters");
        return new DecodeItem.Procedure(span, name, Block("before the body of the procedure"));
    }

    private DecodeItem WidthItem(Token start)
    {
        string name = Name("the name of a width");
        var span = From(start);
        Expect(TokenKind.Assign, "'='", "and the value of the width");
        var value = Expression();
        Semicolon("the width");
        return new DecodeItem.Width(span, name, value);
    }

    private DecodeItem Reject(Token start)
    {
        var trap = Raise(Current);
        ExpectWord("when", "and a condition after 'reject TRAP'");
        var when = Expression();
        var span = From(start);
        Semicolon("'reject'");
        return new DecodeItem.Reject(span, trap, when);
    }

    private DecodeItem Value(Token start)
    {
        string name = Name("the name of a value");
        var span = From(start);
        var widths = WidthParameters();
        Expect(TokenKind.Colon, "':'", "and the type of the value");
        var type = Type();
        Expect(TokenKind.Assign, "'='", "and the expression of the value");
        var value = Expression();
        Semicolon("the value");
        return new DecodeItem.Value(span, name, widths, type, value);
    }

    private DecodeItem Operand(Token start)
    {
        string name = Name("the name of a kind of operand");
        var span = From(start);
        var widths = WidthParameters();
        var alternatives = ImmutableArray.CreateBuilder<OperandAlternative>();
        if (Accept(TokenKind.Assign)) alternatives.Add(Alternative());
        else Braces("or '=' and what the operand is", () => alternatives.Add(Alternative()));
        return new DecodeItem.Operand(span, name, widths, alternatives.ToImmutable());
    }

    private OperandAlternative Alternative()
    {
        var start = Current;
        string? after = null;
        Expr? when = null;
        while (!panic)
        {
            if (At("after", TokenKind.Identifier))
            {
                if (after is not null) Twice(Current.In(path), "'after'");
                Next();
                after = Name("a decode procedure");
            }
            else if (At("when"))
            {
                if (when is not null) Twice(Current.In(path), "'when'");
                Next();
                when = Expression();
            }
            else break;
        }
        if (after is not null || when is not null) Expect(TokenKind.Colon, "':'", "before what the operand is");
        var value = Expression();
        AsmText? shown = Accept("text") ? AssemblyText() : null;
        var span = From(start);
        Semicolon("what the operand is");
        return new OperandAlternative(span, after, when, value, shown);
    }

    private DecodeItem TextItem(Token start)
    {
        string name = Name("the name of a text");
        var span = From(start);
        var widths = WidthParameters();
        bool optional = Accept("optional");
        Expect(TokenKind.Assign, "'='", "and the text");
        var content = AssemblyText();
        Semicolon("the text");
        return new DecodeItem.Text(span, name, widths, content) { Optional = optional };
    }

    private DecodeItem Format(Token start)
    {
        string name = Name("the name of a format");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the number of bits of the format");
        int size = At(TokenKind.Number) && Current.Value is var bits && bits >= 1 && bits <= 128 ? (int)bits : 0;
        if (size > 0) Number();
        else if (!panic) Error(SyntaxDiagnostics.BadBitRange, Current.In(path), "a format has 1 to 128 bits");
        var fields = ImmutableArray.CreateBuilder<FormatField>();
        Braces("before the fields of the format", () => fields.Add(FormatField()));
        return new DecodeItem.Format(span, name, size, fields.ToImmutable());
    }

    /// <summary><c>imm: s12 @31:25,11:7;</c>, or with zero bits below: <c>@20:13 &lt;&lt; 1</c>.</summary>
    private FormatField FormatField()
    {
        var start = Current;
        string name = Name("the name of a field of the format");
        TypeSyntax? type = Accept(TokenKind.Colon) ? Type() : null;
        Expect(TokenKind.At, "'@'", "and the bits of the field");
        var pieces = ImmutableArray.CreateBuilder<(int, int)>();
        do pieces.Add(BitRange());
        while (!panic && Accept(TokenKind.Comma));
        int shift = Accept(TokenKind.Shl) ? Bit() : 0;
        var span = From(start);
        Semicolon("a field of the format");
        return new FormatField(span, name, type, pieces.ToImmutable(), shift);
    }
}
