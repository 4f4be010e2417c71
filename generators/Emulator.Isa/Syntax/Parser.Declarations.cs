using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Syntax;

/// <content>Files and the declarations that are neither state, memory, decoding nor instructions.</content>
internal sealed partial class Parser
{
    /// <summary>Inside these braces declarations stand, however they are indented.</summary>
    private const string AfterIsaName = "after the name of the instruction set";

    private ImmutableArray<Decl>.Builder declarations = ImmutableArray.CreateBuilder<Decl>();

    public SpecFile File()
    {
        string? isa = null;
        var isaSpan = SourceSpan.None;
        if (At("isa"))
        {
            Next();
            isaSpan = Current.In(path);
            isa = Name("the name of the instruction set");
            Braces(AfterIsaName, () => Declaration(true));
            if (At("isa")) Report(SyntaxDiagnostics.Misplaced, Current.In(path), "a file declares one instruction set; move this one to a file of its own");
            else if (!At(TokenKind.End)) Report(SyntaxDiagnostics.Misplaced, Current.In(path), "a root file holds nothing after the closing brace of 'isa'; move this into it or into a chapter");
        }
        else
        {
            while (!At(TokenKind.End))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Accept(TokenKind.Semicolon)) continue;
                Item(() => Declaration(false));
                if (panic) panic = false;
                if (!At(TokenKind.RBrace)) continue;
                Report(SyntaxDiagnostics.UnexpectedToken, Current.In(path), "this '}' closes nothing");
                Next();
            }
        }
        foreach (var diagnostic in found) diagnostics.Add(diagnostic);
        return new SpecFile(path, isa, isaSpan, declarations.ToImmutable(), diagnostics.ToImmutable());
    }

    private void Declaration(bool inRoot)
    {
        var start = Current;
        if (start.Kind == TokenKind.RBrace) return;
        int first = declarations.Count;
        if (start.Kind != TokenKind.Identifier) Unexpected("a declaration");
        else if (start.Text is "include" or "param" or "instance" && !inRoot && Words.Declarations.Contains(start.Text))
        {
            Report(SyntaxDiagnostics.Misplaced, start.In(path), $"'{start.Text}' stands only in a root file, inside 'isa NAME {{ ... }}'");
            Parse(Next());
            while (declarations.Count > first) declarations.RemoveAt(declarations.Count - 1);
        }
        else if (start.Text == "isa")
            Error(SyntaxDiagnostics.Misplaced, start.In(path), "'isa' begins a root file; nothing stands before it");
        else if (Next() is var word && Parse(word) is { } declared) declarations.Add(declared);
        if (start.Doc is null) return;
        for (int i = first; i < declarations.Count; i++) declarations[i] = declarations[i] with { Doc = start.Doc };
    }

    private Decl? Parse(Token start)
    {
        switch (start.Text)
        {
            case "chapter": return Chapter(start);
            case "include": return Include(start);
            case "param": return Param(start);
            case "instance": return Instance(start);
            case "state": return State(start);
            case "derived": return Derived(start);
            case "group": return Group(start);
            case "enum": return Enum(start);
            case "const": return Const(start);
            case "table": return Table(start);
            case "memory": return Memory(start);
            case "space": return Space(start);
            case "function" or "procedure": return Function(start);
            case "trap": return Trap(start);
            case "extern": return Extern(start);
            case "undefined": return Undefined(start);
            case "on": return Hook(start);
            case "attention" or "idle" or "stopped": return Condition(start);
            case "modes": return Modes(start);
            case "profile": return Profile(start);
            case "decode": return Decode(start);
            case "instruction": return Instruction(start);
        }
        Error(SyntaxDiagnostics.UnknownDeclaration, start.In(path), $"'{start.Text}' begins no declaration{Suggestion.For(start.Text, Words.Declarations)}");
        return null;
    }

    private Decl Chapter(Token start)
    {
        string title = String("the title of the chapter");
        var span = From(start);
        Semicolon("the title of the chapter");
        return new Decl.Chapter(span, title);
    }

    private string String(string what)
    {
        if (At(TokenKind.String)) return Next().Text;
        Unexpected(what + ", a string");
        return "";
    }

    private Decl? Include(Token start)
    {
        do
        {
            var place = Current;
            string file = String("the path of a chapter");
            if (!panic) declarations.Add(new Decl.Include(place.In(path), file));
        }
        while (!panic && Accept(TokenKind.Comma) && !At(TokenKind.Semicolon));
        Semicolon("the included files");
        return null;
    }

    private Decl Param(Token start)
    {
        string name = Name("the name of a parameter of the instruction set");
        var span = From(start);
        ExpectWord("in", "and the values of the parameter");
        var values = NumberSet("of the parameter");
        Semicolon("a parameter");
        return new Decl.Param(span, name, values);
    }

    /// <summary><c>{16, 32}</c></summary>
    private ImmutableArray<BigInteger> NumberSet(string of)
    {
        if (!Expect(TokenKind.LBrace, "'{'", $"before the values {of}")) return ImmutableArray<BigInteger>.Empty;
        return List(TokenKind.RBrace, "'}'", $"after the values {of}", () =>
        {
            if (At(TokenKind.Number)) return Number();
            if (Accept("true")) return BigInteger.One;
            if (!Accept("false")) Unexpected("a number");
            return BigInteger.Zero;
        });
    }

    private Decl Instance(Token start)
    {
        string name = Name("the name of an instance");
        var span = From(start);
        return new Decl.Instance(span, name, Assignments("the values of the instance"));
    }

    /// <summary><c>{ a = 1; b = 2 }</c>, with semicolons or commas.</summary>
    private ImmutableArray<(string Name, Expr Value)> Assignments(string what)
    {
        var items = ImmutableArray.CreateBuilder<(string, Expr)>();
        Braces($"before {what}", () =>
        {
            string name = Name("a name");
            Expect(TokenKind.Assign, "'='", "after the name");
            items.Add((name, Expression()));
            if (!Accept(TokenKind.Comma)) Semicolon("the value");
        });
        return items.ToImmutable();
    }

    private Decl Group(Token start)
    {
        string name = Name("the name of a group");
        var span = From(start);
        Expect(TokenKind.Assign, "'='", "and the fields of the group");
        var fields = Expression();
        bool deferred = Accept("deferred");
        Semicolon("the group");
        return new Decl.Group(span, name, fields, deferred);
    }

    private Decl Enum(Token start)
    {
        string name = Name("the name of an enum");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the enum");
        var type = Type();
        return new Decl.Enum(span, name, type, Assignments("the values of the enum"));
    }

    private Decl Const(Token start)
    {
        string name = Name("the name of a constant");
        var span = From(start);
        TypeSyntax? type = Accept(TokenKind.Colon) ? Type() : null;
        Expect(TokenKind.Assign, "'='", "and the value of the constant");
        var value = Expression();
        Semicolon("the constant");
        return new Decl.Const(span, name, type, value);
    }

    private Decl Table(Token start)
    {
        string name = Name("the name of a table");
        var span = From(start);
        Expect(TokenKind.Colon, "':'", "and the type of the table");
        var type = Type();
        Expect(TokenKind.Assign, "'='", "and the values of the table");
        var values = ImmutableArray<Expr>.Empty;
        if (Expect(TokenKind.LBrace, "'{'", "before the values of the table")) values = Expressions(TokenKind.RBrace, "'}'", "after the values of the table").Items;
        EndOfBody("the table");
        return new Decl.Table(span, name, type, values);
    }

    private Decl Function(Token start)
    {
        bool procedure = start.Text == "procedure";
        string name = Name($"the name of a {start.Text}");
        var span = From(start);
        var widths = WidthParameters();
        var parameters = Parameters($"of the {start.Text}");
        var colon = Current;
        TypeSyntax? result = Accept(TokenKind.Colon) ? Type() : null;
        if (procedure && result is not null) Report(SyntaxDiagnostics.MissingPart, colon.In(path), "a procedure has no result; what has one is a 'function'");
        if (!procedure && result is null) Report(SyntaxDiagnostics.MissingPart, span, "a function has a result (': TYPE' after the parameters); what has none is a 'procedure'");
        int first = position;
        var body = !procedure && At(TokenKind.Assign) ? ExpressionBody() : Block($"before the body of the {start.Text}");
        return new Decl.Function(span, name, widths, parameters, result, body) { BodyKey = BodyFrom(first) };
    }

    /// <summary><c>= e;</c>, short for <c>{ return e; }</c>.</summary>
    private Stmt.Block ExpressionBody()
    {
        var start = Next();
        var value = Expression();
        var span = From(start);
        Semicolon("the function");
        return new Stmt.Block(span, ImmutableArray.Create<Stmt>(new Stmt.Return(value.Span, value)));
    }

    private Decl Trap(Token start)
    {
        string name = Name("the name of a trap");
        var span = From(start);
        Expect(TokenKind.Assign, "'='", "and the number of the trap");
        var number = Expression();
        string trapClass = OneOf("class of a trap", Words.TrapClasses);
        string kind = OneOf("kind of a trap", Words.TrapKinds);
        var parameters = At(TokenKind.LParen) ? Parameters("of the trap") : ImmutableArray<Parameter>.Empty;
        Semicolon("the trap");
        return new Decl.Trap(span, name, number, trapClass, kind, parameters);
    }

    private Decl Extern(Token start)
    {
        string name = Name("the name of an extern");
        var span = From(start);
        var parameters = Parameters("of the extern");
        TypeSyntax? result = Accept(TokenKind.Colon) ? Type() : null;
        ImmutableArray<string>? reads = null, writes = null, raises = null;
        string? method = null;
        while (At(TokenKind.Identifier) && !panic && !AtDeclaration())
        {
            var clause = Current;
            if (!Words.ExternClauses.Contains(clause.Text)) Unknown("effect of an extern", clause, Words.ExternClauses);
            Next();
            if (clause.Text == "pure")
            {
                if (method is not null) Twice(clause.In(path), "'pure'");
                method = Method();
                continue;
            }
            Expect(TokenKind.LParen, "'('", $"after '{clause.Text}'");
            var names = Names(() => false);
            Expect(TokenKind.RParen, "')'", $"after the names of '{clause.Text}'");
            bool twice = clause.Text switch { "reads" => reads, "writes" => writes, "raises" => raises, _ => null } is not null;
            if (twice) Twice(clause.In(path), $"'{clause.Text}'");
            if (clause.Text == "reads") reads = names;
            else if (clause.Text == "writes") writes = names;
            else raises = names;
        }
        Semicolon("the extern");
        var none = ImmutableArray<string>.Empty;
        return new Decl.Extern(span, name, parameters, result, reads ?? none, writes ?? none, raises ?? none, (reads ?? writes ?? raises) is not null || method is not null, method);
    }

    /// <summary>The full name of a method: names with points between.</summary>
    private string Method()
    {
        var token = Current;
        string name = String("the method of a pure extern");
        string[] parts = name.Split('.');
        bool legal = parts.Length > 1 && parts.All(p => p.Length > 0 && !char.IsDigit(p[0]) && p.All(c => char.IsLetterOrDigit(c) || c == '_'));
        if (token.Kind == TokenKind.String && !legal) Report(SyntaxDiagnostics.MissingPart, token.In(path), $"\"{name}\" is no method; write \"Namespace.Class.Method\"");
        return name;
    }

    private Decl Undefined(Token start)
    {
        string name = Name("the name of an undefined result");
        var span = From(start);
        var parameters = At(TokenKind.LParen) ? Parameters("of the undefined result") : ImmutableArray<Parameter>.Empty;
        Expect(TokenKind.Colon, "':'", "and the type of the undefined result");
        var type = Type();
        Expect(TokenKind.Assign, "'='", "and the value chosen for the undefined result");
        var value = Expression();
        string reference = String("where the manual leaves it open");
        Semicolon("the undefined result");
        return new Decl.Undefined(span, name, parameters, type, value, reference);
    }

    private Decl Hook(Token start)
    {
        string name = OneOf("event", Words.Hooks);
        var span = From(start);
        var parameters = At(TokenKind.LParen) ? Parameters("of the event") : ImmutableArray<Parameter>.Empty;
        return new Decl.Hook(span, name, parameters, Block($"after 'on {name}'"));
    }

    private Decl Condition(Token start)
    {
        var value = Expression();
        Semicolon($"the condition of '{start.Text}'");
        return new Decl.Condition(start.In(path), start.Text, value);
    }

    private Decl Modes(Token start)
    {
        string name = Name("the state that holds the mode");
        var span = From(start);
        return new Decl.Modes(span, name, Assignments("the modes"));
    }

    private Decl Profile(Token start)
    {
        string name = Name("the name of a profile");
        var span = From(start);
        string? parent = Accept(TokenKind.Colon) ? Name("the profile this one extends") : null;
        var clauses = ImmutableArray.CreateBuilder<ProfileClause>();
        Braces("before the clauses of the profile", () =>
        {
            var first = Current;
            string word = OneOf("clause of a profile", Words.ProfileClauses);
            if (panic) return;
            Expr? condition = null;
            var names = ImmutableArray<string>.Empty;
            if (word is "intercept" or "own") names = Names(() => false);
            else condition = Expression();
            clauses.Add(new ProfileClause(From(first), word, condition, names));
            Semicolon("a clause of the profile");
        });
        return new Decl.Profile(span, name, parent, clauses.ToImmutable());
    }
}
