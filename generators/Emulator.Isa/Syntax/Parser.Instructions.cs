using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Instructions and their forms.</content>
internal sealed partial class Parser
{
    private Decl Instruction(Token start)
    {
        var nameToken = Current;
        string name = Name("the name of an instruction");
        var span = From(start);
        string mark = "", reason = "";
        var markToken = Current;
        if (At(TokenKind.Identifier)) mark = OneOf("mark of an instruction", Words.Marks);
        else if (!panic) Report(SyntaxDiagnostics.MissingPart, nameToken.In(path), $"the instruction '{name}' needs a mark: innocuous, privileged or sensitive \"reason\"");
        if (At(TokenKind.String)) reason = Next().Text;
        var forms = ImmutableArray.CreateBuilder<Form>();
        var gates = ImmutableArray.CreateBuilder<Stmt.Require>();
        var aliases = ImmutableArray.CreateBuilder<InstructionAlias>();
        AsmText? asm = null;
        Stmt.Block? body = null;
        bool restartable = false;
        string bodyKey = "";
        Braces("before the forms of the instruction", () =>
        {
            var word = Current;
            switch (word.Kind == TokenKind.Identifier ? word.Text : "")
            {
                case "form":
                    forms.Add(Form());
                    break;
                case "asm":
                    if (asm is not null) Twice(word.In(path), "'asm'");
                    Next();
                    asm = AssemblyText();
                    Semicolon("the assembly text");
                    break;
                case "alias":
                    aliases.Add(Alias());
                    break;
                case "require":
                    gates.Add(Require());
                    break;
                case "restartable":
                    Next();
                    restartable = true;
                    break;
                case "do":
                    if (body is not null) Twice(word.In(path), "'do'");
                    Next();
                    int first = position;
                    body = Block("after 'do'");
                    bodyKey = BodyFrom(first);
                    break;
                case "":
                    Unexpected("a part of an instruction (form, asm, alias, require, restartable, do)");
                    break;
                default:
                    string hint = Words.Statements.Contains(word.Text) ? "; statements stand in 'do { ... }'" : Suggestion.For(word.Text, Words.InstructionItems);
                    Error(SyntaxDiagnostics.UnknownWord, word.In(path), $"'{word.Text}' begins no part of an instruction{hint}");
                    break;
            }
        });
        return new Decl.Instruction(span, name, mark, reason.Length > 0 ? reason : null, forms.ToImmutable(), asm, gates.ToImmutable(), restartable, body)
        {
            NameSpan = nameToken.In(path),
            MarkSpan = markToken.In(path),
            BodyKey = bodyKey,
            Aliases = aliases.ToImmutable(),
        };
    }

    /// <summary>After <c>input</c> stands a text: a text of that name alone would be followed by ';' or 'when'.</summary>
    private InstructionAlias Alias()
    {
        var start = Next();
        bool inputOnly = At(TokenKind.Identifier) && Current.Text == "input" && Peek(1).Kind is TokenKind.String or TokenKind.Identifier && Peek(1).Text != "when";
        if (inputOnly) Next();
        var text = AssemblyText();
        var when = !panic && Accept("when") ? Expression() : null;
        var span = From(start);
        Semicolon("the alias");
        return new InstructionAlias(span, text, when, inputOnly);
    }

    private Form Form()
    {
        var start = Next();
        var encoding = Current;
        var bytes = ImmutableArray<byte>.Empty;
        string? plus = null, format = null;
        int? slash = null;
        var fields = ImmutableArray<(string, Expr)>.Empty;
        if (encoding.Kind == TokenKind.Identifier && (Peek(1).Kind == TokenKind.LBrace || !LooksLikeByte(encoding)))
        {
            format = Next().Text;
            if (At(TokenKind.LBrace)) fields = Assignments("the values of the fields");
        }
        else
        {
            bytes = OpcodeBytes("a form");
            if (!panic && Accept(TokenKind.Plus)) plus = Name("the field in the low bits of the opcode");
            if (!panic && Accept(TokenKind.Slash)) slash = SlashValue();
        }
        string operandsText = "";
        string written = panic ? "" : Written(encoding.Start, previous.End);

        var operands = ImmutableArray<FormOperand>.Empty;
        var attributes = ImmutableArray.CreateBuilder<string>();
        var over = ImmutableArray.CreateBuilder<string>();
        Expr? when = null;
        AsmText? asm = null;
        while (!panic && (At(TokenKind.Identifier) || At(TokenKind.LParen)))
        {
            var word = Next();
            if (word.Kind == TokenKind.LParen)
            {
                if (operands.Length > 0) Twice(word.In(path), "the list of operands");
                int first = Current.Start;
                operands = List(TokenKind.RParen, "')'", "after the operands", FormOperand);
                if (operands.Length > 0) operandsText = Written(first, operands[operands.Length - 1].Span.Start + operands[operands.Length - 1].Span.Length);
            }
            else if (word.Text == "when")
            {
                if (when is not null) Twice(word.In(path), "'when'");
                when = Expression();
            }
            else if (word.Text == "over")
            {
                do over.Add(Name("the instruction this form takes precedence over"));
                while (!panic && Accept(TokenKind.Comma));
            }
            else if (word.Text == "asm")
            {
                if (asm is not null) Twice(word.In(path), "'asm'");
                asm = AssemblyText();
            }
            else if (attributes.Contains(word.Text)) Twice(word.In(path), $"'{word.Text}'");
            else attributes.Add(word.Text);
        }
        var span = From(start);
        Semicolon("the form");
        return new Form(span, bytes, plus, slash, format, fields, operands, attributes.ToImmutable(), when, over.ToImmutable(), asm, written) { OperandsText = operandsText };
    }

    private FormOperand FormOperand()
    {
        var start = Current;
        string name = Name("the name of an operand");
        Expect(TokenKind.Colon, "':'", "and the kind of the operand");
        string kind = Name("the kind of the operand");
        var widths = Widths(false);
        return new FormOperand(From(start), name, kind, widths);
    }

    private static bool LooksLikeByte(Token token) => token.Text.Length == 2 && token.Kind is TokenKind.Number or TokenKind.Identifier && token.Text.All(IsHex);

    private static bool IsHex(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F');

    /// <summary>Two hexadecimal digits each; they may look like numbers or like names to the lexer.</summary>
    private ImmutableArray<byte> OpcodeBytes(string of)
    {
        var bytes = ImmutableArray.CreateBuilder<byte>();
        while (LooksLikeByte(Current)) bytes.Add(byte.Parse(Next().Text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        bool malformed = At(TokenKind.Number) || (bytes.Count == 0 && At(TokenKind.Identifier));
        if (malformed)
        {
            string digits = Current.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Current.Text.Substring(2) : Current.Text;
            string hint = digits.Length is 1 or 2 or 4 or 6 && digits.All(IsHex) ? $": write {Split(digits)}" : "";
            Error(SyntaxDiagnostics.MalformedOpcode, Current.In(path), $"opcode bytes are two hexadecimal digits each, with spaces between{hint}");
        }
        else if (bytes.Count == 0)
        {
            Error(SyntaxDiagnostics.MalformedOpcode, Current.In(path), $"expected the opcode bytes of {of}, found {Describe(Current)}");
        }
        return bytes.ToImmutable();
    }

    private static string Split(string digits)
    {
        if (digits.Length == 1) return "0" + digits;
        var pairs = Enumerable.Range(0, digits.Length / 2).Select(i => digits.Substring(2 * i, 2));
        return string.Join(" ", pairs).ToUpperInvariant();
    }

    /// <summary>After the slash: -1 for <c>r</c>, else the required value.</summary>
    private int SlashValue()
    {
        if (Accept("r")) return -1;
        var token = Current;
        if (token.Kind == TokenKind.Number && token.Error is null && token.Value < 256) return (int)Number();
        Unexpected("'r' or the required value of the field after '/'");
        return 0;
    }

    /// <summary>The source between two places with single blanks, for reports.</summary>
    private string Written(int start, int end)
    {
        var result = new StringBuilder();
        foreach (char c in text.Substring(start, Math.Max(0, end - start)))
        {
            bool blank = char.IsWhiteSpace(c);
            if (!blank) result.Append(c);
            else if (result.Length > 0 && result[result.Length - 1] != ' ') result.Append(' ');
        }
        return result.ToString();
    }
}
