using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Statements.</content>
internal sealed partial class Parser
{
    private Stmt.Block Block(string where)
    {
        var start = Current;
        var statements = ImmutableArray.CreateBuilder<Stmt>();
        Braces(where, () => statements.Add(Statement()));
        return new Stmt.Block(From(start), statements.ToImmutable());
    }

    private Stmt Statement()
    {
        Stmt result = Enter() ? StatementCore() : new Stmt.Block(Current.In(path), ImmutableArray<Stmt>.Empty);
        depth--;
        return result;
    }

    private Stmt StatementCore()
    {
        var start = Current;
        if (start.Kind == TokenKind.LBrace) return Block("");
        if (start.Kind == TokenKind.Identifier)
        {
            switch (start.Text)
            {
                case "let" or "var": return Let();
                case "if": return If();
                case "match": return MatchStatement();
                case "while": return While();
                case "for": return For();
                case "return": return Return();
                case "raise":
                    Next();
                    var raise = Raise(start);
                    Semicolon("a 'raise' statement");
                    return raise;
                case "require": return Require();
                case "flush" when Peek(1).Kind == TokenKind.Identifier: return Flush();
                case "fetch" when Peek(1).Kind == TokenKind.Identifier: return Fetch();
                case "commit" when Peek(1).Kind is TokenKind.Semicolon or TokenKind.RBrace:
                    Next();
                    Semicolon("'commit'");
                    return new Stmt.Commit(start.In(path));
                case "else":
                    Error(SyntaxDiagnostics.UnexpectedToken, start.In(path), "this 'else' belongs to no 'if'");
                    return new Stmt.Block(start.In(path), ImmutableArray<Stmt>.Empty);
            }
        }
        return AssignmentOrCall();
    }

    private Stmt Let()
    {
        var start = Next();
        bool mutable = start.Text == "var";
        ImmutableArray<string> names;
        if (Accept(TokenKind.LParen)) names = List(TokenKind.RParen, "')'", "after the names", () => Name("a name"));
        else names = ImmutableArray.Create(Name($"a name after '{start.Text}'"));
        TypeSyntax? type = Accept(TokenKind.Colon) ? Type() : null;
        Expect(TokenKind.Assign, "'='", $"and the value in a '{start.Text}' statement");
        var value = Expression();
        var span = From(start);
        Semicolon($"the '{start.Text}' statement");
        return new Stmt.Let(span, mutable, names, type, value);
    }

    private Stmt If()
    {
        var start = Next();
        var condition = Expression();
        var then = Block(AfterIf);
        Stmt? otherwise = null;
        if (!panic && Accept("else"))
        {
            if (!At("if")) otherwise = Block("after 'else'");
            else if (Enter()) otherwise = If();
            if (otherwise is Stmt.If or null) depth--;
        }
        return new Stmt.If(From(start), condition, then, otherwise);
    }

    private Stmt MatchStatement()
    {
        var start = Next();
        var operand = Expression();
        var arms = ImmutableArray.CreateBuilder<Stmt.MatchArm>();
        Braces("to open the arms of 'match'", () =>
        {
            var first = Current;
            var values = ArmValues();
            var body = Statement();
            arms.Add(new Stmt.MatchArm(From(first), values, body));
            if (previous.Kind == TokenKind.RBrace) Accept(TokenKind.Comma);
        });
        return new Stmt.Match(From(start), operand, arms.ToImmutable());
    }

    private Stmt While()
    {
        var start = Next();
        var condition = Expression();
        var body = Block("after the condition of 'while'");
        return new Stmt.While(From(start), condition, body);
    }

    private Stmt For()
    {
        var start = Next();
        string variable = Name("the variable of 'for'");
        ExpectWord("in", "after the variable of 'for'");
        var first = Expression();
        Expect(TokenKind.DotDot, "'..'", "between the bounds of 'for'");
        var last = Expression();
        var body = Block("after the bounds of 'for'");
        return new Stmt.For(From(start), variable, first, last, body);
    }

    private Stmt Return()
    {
        var start = Next();
        Expr? value = At(TokenKind.Semicolon) || At(TokenKind.RBrace) ? null : Expression();
        var span = From(start);
        Semicolon("the 'return' statement");
        return new Stmt.Return(span, value);
    }

    /// <summary><c>T(args)</c> or <c>T</c>, after the word that introduces it.</summary>
    private Stmt.Raise Raise(Token start)
    {
        string trap = Name("the name of a trap");
        var arguments = ImmutableArray<Expr>.Empty;
        if (Accept(TokenKind.LParen)) arguments = Expressions(TokenKind.RParen, "')'", "after the arguments of a trap").Items;
        return new Stmt.Raise(From(start), trap, arguments);
    }

    private Stmt.Require Require()
    {
        var start = Next();
        var condition = Expression();
        ExpectWord("else", "and a trap after the condition of 'require'");
        var otherwise = Raise(Current);
        var span = From(start);
        Semicolon("the 'require' statement");
        return new Stmt.Require(span, condition, otherwise) { Text = Written(condition.Span.Start, otherwise.Span.Start + otherwise.Span.Length) };
    }

    private Stmt Flush()
    {
        var start = Next();
        string memory = Name("the name of a memory");
        Expr? at = Accept("at") ? Expression() : null;
        var span = From(start);
        Semicolon("the 'flush' statement");
        return new Stmt.Flush(span, memory, at);
    }

    private Stmt Fetch()
    {
        var start = Next();
        string field = Name("the name of a decode field");
        var span = From(start);
        Semicolon("the 'fetch' statement");
        return new Stmt.Fetch(span, field);
    }

    private static TokenKind? CompoundOperator(TokenKind kind) => kind switch
    {
        TokenKind.PlusAssign => TokenKind.Plus,
        TokenKind.MinusAssign => TokenKind.Minus,
        TokenKind.OrAssign => TokenKind.Or,
        TokenKind.AndAssign => TokenKind.And,
        TokenKind.XorAssign => TokenKind.Xor,
        _ => null,
    };

    private Stmt AssignmentOrCall()
    {
        var start = Current;
        var place = Expression();
        var compound = CompoundOperator(Current.Kind);
        if (compound is null && !At(TokenKind.Assign)) return NoAssignment(start, place);
        Next();
        var value = Expression();
        Expr? when = null;
        if (Accept("when"))
        {
            when = Expression();
            ExpectWord("else", "after the condition of a conditional write");
            ExpectWord("ignore", "after 'else' in a conditional write");
        }
        var span = From(start);
        Semicolon("the assignment");
        return new Stmt.Assign(span, place, compound, value, when);
    }

    private Stmt NoAssignment(Token start, Expr expression)
    {
        if (expression is Expr.Call call)
        {
            Semicolon("the call");
            return new Stmt.Call(expression.Span, call);
        }
        if (!panic)
        {
            string message = expression switch
            {
                Expr.Name name when Suggestion.Nearest(name.Id, Words.Statements) is { } near => $"'{name.Id}' begins no statement (did you mean '{near}'?)",
                Expr.Binary { Operator: TokenKind.Equal } => "a comparison is not a statement; '=' assigns",
                _ => $"expected '=' and a value, or a call; found {Describe(Current)}",
            };
            Error(SyntaxDiagnostics.NotAStatement, expression.Span, message);
        }
        // Without the semicolon the rest is skipped as part of this statement.
        if (At(TokenKind.Semicolon)) Semicolon("the statement");
        return new Stmt.Block(From(start), ImmutableArray<Stmt>.Empty);
    }
}
