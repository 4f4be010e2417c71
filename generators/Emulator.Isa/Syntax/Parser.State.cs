using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>States, memories and spaces.</content>
internal sealed partial class Parser
{
    private Decl State(Token start)
    {
        string name = Name("the name of a state");
        var span = From(start);
        Expr? count = null;
        if (Accept(TokenKind.LBracket))
        {
            count = Expression();
            Expect(TokenKind.RBracket, "']'", "after the number of elements");
        }
        Expect(TokenKind.Colon, "':'", "and the type of the state");
        var type = Type();
        var attributes = Attributes(StateAttributes.None);
        var members = ImmutableArray<StateMember>.Empty;
        if (At(TokenKind.LBrace) && !panic) members = StateMembers();
        attributes = Attributes(attributes);
        EndOfBody("the state");
        return new Decl.State(span, name, count, type, attributes, members);
    }

    private Decl Derived(Token start)
    {
        string name = Name("the name of a derived state");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the derived state");
        var type = Type();
        Expect(TokenKind.Assign, "'='", "and the formula of the derived state");
        var value = Expression();
        Semicolon("the derived state");
        return new Decl.Derived(span, name, type, value);
    }

    /// <summary>Attributes in any order, added to those already known.</summary>
    private StateAttributes Attributes(StateAttributes attributes)
    {
        while (At(TokenKind.Identifier) && !panic && !AtDeclaration() && Peek(1).Kind is not (TokenKind.At or TokenKind.Colon))
        {
            var word = Current;
            if (word.Text == "on" && !Peek(1).Is("write")) break;
            if (!Words.Attributes.Contains(word.Text))
            {
                // After a body, or on a line of its own, it is more likely the next thing than a slip.
                if (previous.Kind == TokenKind.RBrace || word.Line > previous.Line) break;
                Unknown("attribute of a state", word, Words.Attributes);
                Next();
                if (At(TokenKind.LParen) && !panic) SkipParentheses();
                continue;
            }
            Next();
            attributes = Attribute(attributes, word);
        }
        return attributes;
    }

    private StateAttributes Attribute(StateAttributes attributes, Token word)
    {
        bool twice = word.Text switch
        {
            "pc" => attributes.Pc,
            "hidden" => attributes.Hidden,
            "keep" => attributes.Keep,
            "resource" => attributes.Role is not null,
            "reset" => attributes.Reset is not null,
            "on" => attributes.OnWrite is not null,
            _ => attributes.Names.Length > 0,
        };
        if (twice) Twice(word.In(path), $"'{word.Text}'");
        switch (word.Text)
        {
            case "pc": return attributes with { Pc = true };
            case "hidden": return attributes with { Hidden = true };
            case "keep": return attributes with { Keep = true };
            case "reset": return attributes with { Reset = Expression() };
            case "resource":
                Expect(TokenKind.LParen, "'('", "after 'resource'");
                string role = panic ? "" : OneOf("role", Words.Roles);
                Expect(TokenKind.RParen, "')'", "after the role");
                return attributes with { Role = role };
            case "on":
                Next();
                return attributes with { OnWrite = Block("after 'on write'") };
            default:
                var names = RegisterNames();
                if (names.Length == 0) Unexpected("names after 'names'");
                return attributes with { Names = names };
        }
    }

    /// <summary>Names up to <c>;</c>, <c>{</c> or an attribute with arguments.</summary>
    private ImmutableArray<string> RegisterNames() =>
        Names(() => At("resource", TokenKind.LParen) || (At("on") && Peek(1).Is("write")) || AtDeclaration());

    private void SkipParentheses()
    {
        int open = 0;
        do
        {
            if (At(TokenKind.LParen)) open++;
            if (At(TokenKind.RParen)) open--;
            Next();
        }
        while (open > 0 && Current.Kind is not (TokenKind.End or TokenKind.Semicolon or TokenKind.LBrace or TokenKind.RBrace));
    }

    private ImmutableArray<StateMember> StateMembers()
    {
        var members = ImmutableArray.CreateBuilder<StateMember>();
        Braces("", () =>
        {
            if (At("view", TokenKind.WidthOpen)) members.Add(View());
            else if (At(TokenKind.LBracket)) members.Add(HardWired());
            else members.AddRange(BitFieldGroup());
        });
        return members.ToImmutable();
    }

    private StateMember View()
    {
        var start = Next();
        var width = Width(start);
        string index = "i";
        if (Accept(TokenKind.LBracket))
        {
            index = Name("the name of the index of a view");
            Expect(TokenKind.RBracket, "']'", "after the index of a view");
        }
        Expect(TokenKind.Assign, "'='", "and what the view shows");
        var value = Expression();
        var names = Accept("names") ? RegisterNames() : ImmutableArray<string>.Empty;
        var span = From(start);
        Semicolon("the view");
        return new StateMember.View(span, width, index, value, names);
    }

    private StateMember HardWired()
    {
        var start = Next();
        var index = Expression();
        Expect(TokenKind.RBracket, "']'", "after the index of a hard-wired element");
        Expect(TokenKind.Assign, "'='", "and the value of a hard-wired element");
        var value = Expression();
        var span = From(start);
        Semicolon("a hard-wired element");
        return new StateMember.HardWired(span, index, value);
    }

    /// <summary><c>IOPL@13:12 VM@17 resource(mode);</c></summary>
    private IEnumerable<StateMember> BitFieldGroup()
    {
        var fields = BitFields();
        if (fields.Count == 0)
        {
            Unexpected("a bit field (NAME@HIGH:LOW), a view or a hard-wired element");
            return fields;
        }
        var attributes = Attributes(StateAttributes.None);
        Semicolon("a group of bit fields");
        return fields.Select(f => f with { Attributes = attributes });
    }

    private List<StateMember.BitField> BitFields()
    {
        var fields = new List<StateMember.BitField>();
        while (At(TokenKind.Identifier) && Peek(1).Kind == TokenKind.At && !panic)
        {
            var start = Next();
            Next();
            var (high, low) = BitRange();
            fields.Add(new StateMember.BitField(From(start), start.Text, high, low, StateAttributes.None));
            Accept(TokenKind.Comma);
        }
        return fields;
    }

    /// <summary><c>13:12</c> or <c>9</c></summary>
    private (int High, int Low) BitRange()
    {
        var start = Current;
        int high = Bit();
        int low = Accept(TokenKind.Colon) ? Bit() : high;
        if (high < low && !panic)
        {
            Report(SyntaxDiagnostics.BadBitRange, From(start), $"the higher bit stands first: {low}:{high}");
            (high, low) = (low, high);
        }
        return (high, low);
    }

    private int Bit()
    {
        if (!At(TokenKind.Number))
        {
            Unexpected("the number of a bit");
            return 0;
        }
        var token = Current;
        BigInteger value = Number();
        if (value < 128) return (int)value;
        Report(SyntaxDiagnostics.BadBitRange, token.In(path), "bits are numbered from 0 to 127");
        return 0;
    }

    private Decl Memory(Token start)
    {
        string name = Name("the name of a memory");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the memory's addresses");
        var type = Type();
        bool big = false, ordered = false, bus = false, paged = false;
        BigInteger pageBits = 0;
        string? by = null, over = null;
        Expr? per = null;
        while (At(TokenKind.Identifier) && !panic && !AtDeclaration())
        {
            var word = Next();
            switch (word.Text)
            {
                case "little" or "big":
                    if (ordered) Twice(word.In(path), "the byte order");
                    ordered = true;
                    big = word.Text == "big";
                    break;
                case "bus": bus = true; break;
                case "paged":
                    paged = true;
                    if (At(TokenKind.Number)) pageBits = Number();
                    else Unexpected("the number of address bits within a page after 'paged'");
                    break;
                case "by": by = Name("the function that translates addresses"); break;
                case "over": over = Name("the memory below"); break;
                case "per": per = Expression(); break;
                default: Unknown("property of a memory", word, Words.MemoryClauses); break;
            }
        }
        string? missing = !ordered ? "its byte order: 'little' or 'big'" : bus == paged ? "either 'bus' or 'paged BITS by FUNCTION over MEMORY'"
            : paged && (by is null || over is null) ? "'by FUNCTION' and 'over MEMORY' after 'paged'" : null;
        if (missing is not null) Report(SyntaxDiagnostics.MissingPart, span, $"the memory '{name}' needs {missing}");
        if (pageBits > 32) Report(SyntaxDiagnostics.BadBitRange, span, "a page has at most 32 address bits");
        Semicolon("the memory");
        return new Decl.Memory(span, name, type, big, pageBits > 32 ? 0 : (int)pageBits, by, over, per);
    }

    private Decl Space(Token start)
    {
        string name = Name("the name of a space");
        var span = From(start);
        var widths = WidthParameters();
        var parameters = Parameters("of the space");
        TypeSyntax? type = Accept(TokenKind.Colon) ? Type() : null;
        if (Accept("at"))
        {
            var at = Expression();
            Semicolon("the space");
            return new Decl.Space(span, name, widths, parameters, type, at, null, null, null);
        }
        Stmt.Block? read = null, write = null;
        string? writeParameter = null;
        if (!At(TokenKind.LBrace) && !panic) Unexpected("'at MEMORY[...]' or '{' and the 'read' and 'write' parts of the space");
        Braces("", () =>
        {
            var word = Current;
            string part = OneOf("part of a space", Words.SpaceParts);
            if (panic) return;
            if ((part == "read" ? read : write) is not null) Twice(word.In(path), $"'{part}'");
            if (part == "write" || At(TokenKind.LParen))
            {
                Expect(TokenKind.LParen, "'('", "and a name for the value after 'write'");
                writeParameter = Name("a name for the value written");
                Expect(TokenKind.RParen, "')'", "after the name of the value");
            }
            var body = Block($"after '{part}'");
            if (part == "read") read = body;
            else write = body;
        });
        if (read is null && write is null) Report(SyntaxDiagnostics.MissingPart, span, $"the space '{name}' needs a 'read' or a 'write' part");
        return new Decl.Space(span, name, widths, parameters, type, null, read, writeParameter, write);
    }
}
