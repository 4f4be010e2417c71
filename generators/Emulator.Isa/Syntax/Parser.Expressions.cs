using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Expressions.</content>
internal sealed partial class Parser
{
    /// <summary>Tallest expression tree, so that whoever walks it recursively has stack enough.</summary>
    private const int MaxHeight = 250;

    /// <summary>Height of the tree parsed last.</summary>
    private int height;

    /// <summary>Whether <c>&gt;</c> closes width arguments here.</summary>
    private bool inWidths;

    /// <summary>Tokens that were split (<c>&gt;&gt;</c>), for going back.</summary>
    private readonly List<(int Index, Token Whole)> splits = new();

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.OrOr => 1,
        TokenKind.AndAnd => 2,
        TokenKind.Or => 3,
        TokenKind.Xor => 4,
        TokenKind.And => 5,
        TokenKind.Equal or TokenKind.NotEqual => 6,
        TokenKind.Less or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual => 7,
        TokenKind.Concat => 8,
        TokenKind.Shl or TokenKind.Shr => 9,
        TokenKind.Plus or TokenKind.Minus => 10,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => 11,
        _ => 0,
    };

    private const int RelationalPrecedence = 7;

    private Expr Expression()
    {
        if (!Enter())
        {
            depth--;
            return new Expr.Missing(Current.In(path));
        }
        var result = Binary(1);
        if (Accept(TokenKind.Question))
        {
            int tallest = height;
            var whenTrue = Expression();
            tallest = Math.Max(tallest, height);
            Expect(TokenKind.Colon, "':'", "between the two results of '?'");
            var whenFalse = Expression();
            result = Built(new Expr.Conditional(result.Span.To(whenFalse.Span), result, whenTrue, whenFalse), Math.Max(tallest, height));
        }
        depth--;
        return result;
    }

    private T Built<T>(T expression, int tallestPart)
    {
        height = tallestPart + 1;
        if (height > MaxHeight && !abandoned) TooDeep();
        return expression;
    }

    private T Leaf<T>(T expression)
    {
        height = 1;
        return expression;
    }

    private Expr Binary(int lowest)
    {
        var left = CastLevel();
        while (!abandoned)
        {
            int leftHeight = height;
            if (At("in") && RelationalPrecedence >= lowest)
            {
                Next();
                Expect(TokenKind.LBrace, "'{'", "after 'in'");
                var (values, tallest) = Expressions(TokenKind.RBrace, "'}'", "after the values of 'in'");
                left = Built(new Expr.In(left.Span.To(previous.In(path)), left, values), Math.Max(leftHeight, tallest));
                continue;
            }
            var kind = Current.Kind;
            int precedence = Precedence(kind);
            bool closes = inWidths && kind is (TokenKind.Greater or TokenKind.GreaterEqual or TokenKind.Shr);
            if (precedence == 0 || precedence < lowest || closes) return left;
            Next();
            var right = Binary(precedence + 1);
            left = Built(new Expr.Binary(left.Span.To(right.Span), kind, left, right), Math.Max(leftHeight, height));
        }
        return left;
    }

    private Expr CastLevel()
    {
        var operand = Unary();
        while (At("as") && !abandoned)
        {
            int operandHeight = height;
            Next();
            var type = Type();
            operand = Built(new Expr.Cast(From(operand.Span), operand, type), Math.Max(operandHeight, height));
        }
        return operand;
    }

    private Expr Unary()
    {
        if (Current.Kind is not (TokenKind.Minus or TokenKind.Not or TokenKind.Bang)) return Postfix();
        var op = Next();
        Expr operand = Enter() ? Unary() : Leaf(new Expr.Missing(Current.In(path)));
        depth--;
        return Built(new Expr.Unary(op.In(path).To(operand.Span), op.Kind, operand), height);
    }

    private Expr Postfix()
    {
        var target = Primary();
        while (!abandoned)
        {
            int targetHeight = height, tallest = 0;
            switch (Current.Kind)
            {
                case TokenKind.Dot:
                    Next();
                    if (!At(TokenKind.Identifier)) Unexpected("the name of a field after '.'");
                    string member = At(TokenKind.Identifier) ? Next().Text : "";
                    var widths = Widths(true);
                    target = new Expr.Member(From(target.Span), target, member, widths);
                    break;
                case TokenKind.LBracket:
                    Next();
                    (var indices, tallest) = Expressions(TokenKind.RBracket, "']'", "after the index");
                    if (indices.Length == 0 && !panic) Error(SyntaxDiagnostics.MissingExpression, previous.In(path), "expected an index between '[' and ']'");
                    target = new Expr.Index(From(target.Span), target, indices);
                    break;
                case TokenKind.DotBracket:
                    Next();
                    target = Slice(target, out tallest);
                    break;
                case TokenKind.DotBrace:
                    Next();
                    var names = Names(() => false);
                    Expect(TokenKind.RBrace, "'}'", "after the names of the fields");
                    target = new Expr.Fields(From(target.Span), target, names);
                    break;
                case TokenKind.LParen when target is Expr.Name function:
                    Next();
                    (var arguments, tallest) = Expressions(TokenKind.RParen, "')'", "after the arguments");
                    target = new Expr.Call(From(target.Span), function, arguments);
                    break;
                case TokenKind.LParen when target is Expr.Member or Expr.Index or Expr.Call && Current.Start == previous.End:
                    Error(SyntaxDiagnostics.NotCallable, target.Span, "only a function can be called, and its name stands alone");
                    return target;
                default:
                    return target;
            }
            Built(target, Math.Max(targetHeight, tallest));
        }
        return target;
    }

    private Expr Slice(Expr target, out int tallest)
    {
        bool outer = inWidths;
        inWidths = false;
        var high = Expression();
        tallest = height;
        Expr? low = null;
        if (Accept(TokenKind.Colon))
        {
            low = Expression();
            tallest = Math.Max(tallest, height);
        }
        inWidths = outer;
        Expect(TokenKind.RBracket, "']'", "after the bits of a slice");
        return new Expr.Slice(From(target.Span), target, high, low);
    }

    private Expr Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return Leaf(new Expr.Number(token.In(path), Number()));
            case TokenKind.String:
                Next();
                return Leaf(new Expr.Text(token.In(path), token.Text));
            case TokenKind.LParen:
                return Parenthesized();
            case TokenKind.Identifier when token.Text == "match":
                return MatchExpression();
            case TokenKind.Identifier when token.Text is "true" or "false" || !Words.Reserved.Contains(token.Text):
                Next();
                height = 1;
                var widths = Widths(true);
                return new Expr.Name(From(token), token.Text, widths);
            default:
                Error(SyntaxDiagnostics.MissingExpression, token.In(path), $"expected an expression, found {Describe(token)}");
                return Leaf(new Expr.Missing(token.In(path)));
        }
    }

    private System.Numerics.BigInteger Number()
    {
        var token = Next();
        if (token.Error is not null) Report(SyntaxDiagnostics.MalformedNumber, token.In(path), token.Error);
        return token.Value;
    }

    private Expr Parenthesized()
    {
        var open = Next();
        var (items, tallest) = Expressions(TokenKind.RParen, "')'", "to close the parenthesis");
        if (items.Length == 0)
        {
            if (!panic) Error(SyntaxDiagnostics.MissingExpression, From(open), "expected an expression between '(' and ')'");
            return Leaf(new Expr.Missing(From(open)));
        }
        if (items.Length > 1) return Built(new Expr.Tuple(From(open), items), tallest);
        height = tallest;
        return items[0];
    }

    private Expr MatchExpression()
    {
        var start = Next();
        var operand = Expression();
        int tallest = height;
        var arms = ImmutableArray.CreateBuilder<Expr.MatchArm>();
        bool outer = inWidths;
        inWidths = false;
        Braces("to open the arms of 'match'", () =>
        {
            var first = Current;
            var values = ArmValues();
            tallest = Math.Max(tallest, height);
            var result = Expression();
            tallest = Math.Max(tallest, height);
            arms.Add(new Expr.MatchArm(From(first), values, result));
            if (!Accept(TokenKind.Comma)) Semicolon("the result of a 'match' arm");
        });
        inWidths = outer;
        return Built(new Expr.Match(From(start), operand, arms.ToImmutable()), tallest);
    }

    /// <summary><c>0, 1 =&gt;</c> or <c>_ =&gt;</c> (no values).</summary>
    private ImmutableArray<Expr> ArmValues()
    {
        var values = ImmutableArray<Expr>.Empty;
        height = 1;
        if (!Accept("_"))
        {
            var builder = ImmutableArray.CreateBuilder<Expr>();
            do builder.Add(Expression());
            while (Accept(TokenKind.Comma) && !At(TokenKind.Arrow) && !panic);
            values = builder.ToImmutable();
        }
        Expect(TokenKind.Arrow, "'=>'", "after the values of a 'match' arm");
        return values;
    }

    /// <summary>Expressions up to a closing bracket, and the height of the tallest.</summary>
    private (ImmutableArray<Expr> Items, int Tallest) Expressions(TokenKind close, string shown, string where)
    {
        int tallest = 0;
        bool outer = inWidths;
        inWidths = false;
        var items = List(close, shown, where, () =>
        {
            var item = Expression();
            tallest = Math.Max(tallest, height);
            return item;
        });
        inWidths = outer;
        return (items, tallest);
    }

    /// <summary>
    /// Width arguments, if <c>&lt;</c> follows the name immediately. In an expression, one that no <c>&gt;</c> closes was meant as a
    /// comparison: that is reported, and it is read as one.
    /// </summary>
    private ImmutableArray<Expr> Widths(bool mayCompare)
    {
        if (!At(TokenKind.WidthOpen)) return ImmutableArray<Expr>.Empty;
        int start = position, reported = found.Count, nameHeight = height;
        bool outer = inWidths, quiet = panic;
        var open = Next();
        inWidths = true;
        var items = ImmutableArray.CreateBuilder<Expr>();
        int tallest = nameHeight;
        do
        {
            items.Add(Expression());
            tallest = Math.Max(tallest, height);
        }
        while (!panic && Accept(TokenKind.Comma));
        inWidths = outer;
        bool comparison = items.Any(i => i is Expr.Binary { Operator: TokenKind.AndAnd or TokenKind.OrOr });
        if (!panic && !(mayCompare && comparison) && CloseWidths())
        {
            Built(open, tallest);
            return items.ToImmutable();
        }
        const string unclosed = "a name followed immediately by '<' takes width arguments, and no '>' closes them";
        if (abandoned || quiet || !mayCompare || (panic && ClosesLater(start)))
        {
            if (!panic) Error(SyntaxDiagnostics.UnclosedWidths, open.In(path), unclosed);
            return ImmutableArray<Expr>.Empty;
        }
        GoBack(start, reported);
        tokens[start] = open with { Kind = TokenKind.Less };
        height = nameHeight;
        Report(SyntaxDiagnostics.UnclosedWidths, open.In(path), unclosed + "; to compare, write a space before '<'");
        return ImmutableArray<Expr>.Empty;
    }

    private void GoBack(int start, int reported)
    {
        found.RemoveRange(reported, found.Count - reported);
        panic = false;
        position = start;
        previous = tokens[start - 1];
        for (int i = splits.Count - 1; i >= 0 && splits[i].Index >= start; i--)
        {
            tokens[splits[i].Index] = splits[i].Whole;
            splits.RemoveAt(i);
        }
    }

    private bool ClosesLater(int start)
    {
        for (int i = start + 1; i < tokens.Count && tokens[i].Line == tokens[start].Line; i++)
        {
            if (tokens[i].Kind is TokenKind.Greater or TokenKind.Shr or TokenKind.GreaterEqual) return true;
            if (tokens[i].Kind is TokenKind.Semicolon or TokenKind.LBrace or TokenKind.RBrace) return false;
        }
        return false;
    }

    /// <summary>Takes a closing <c>&gt;</c>, be it the first half of <c>&gt;&gt;</c> or <c>&gt;=</c>.</summary>
    private bool CloseWidths()
    {
        if (Accept(TokenKind.Greater)) return true;
        if (Current.Kind is not (TokenKind.Shr or TokenKind.GreaterEqual)) return false;
        var whole = Current;
        splits.Add((position, whole));
        tokens[position] = whole with
        {
            Kind = whole.Kind == TokenKind.Shr ? TokenKind.Greater : TokenKind.Assign,
            Start = whole.Start + 1, Length = 1, Column = whole.Column + 1, Text = whole.Kind == TokenKind.Shr ? ">" : "=",
        };
        previous = whole with { Kind = TokenKind.Greater, Length = 1, Text = ">" };
        return true;
    }
}
