using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private Value BindCall(Expr.Call c, Scope s, int expected)
    {
        var name = c.Function.Id;
        if (functions.TryGetValue(name, out var declaration))
        {
            if (Arguments(declaration, c, s) is not { } call) return Bad();
            return CallFunction(call.Function, call.Arguments, c.Span, s);
        }
        if (externs.TryGetValue(name, out var external)) return CallFunction(external, TypedArguments(external.Parameters, c, s), c.Span, s);
        if (undefineds.TryGetValue(name, out var undefined))
        {
            var function = UndefinedFunction(undefined);
            return CallFunction(function, TypedArguments(function.Parameters, c, s), c.Span, s);
        }
        return BindBuiltin(c, s, expected);
    }

    private ImmutableArray<IrExpr> TypedArguments(ImmutableArray<IrLocal> parameters, Expr.Call c, Scope s)
    {
        if (c.Arguments.Length != parameters.Length)
        {
            Report(SemanticDiagnostics.WrongArguments, c.Span, $"'{c.Function.Id}' takes {Count(parameters.Length, "argument")}, not {c.Arguments.Length}");
            return parameters.Select(p => Value.Bad(p.Width)).ToImmutableArray();
        }
        return c.Arguments.Select((a, i) => BindTyped(a, s, parameters[i].Width)).ToImmutableArray();
    }

    /// <summary>Binds the arguments of a call of a declared function and finds the instance its widths select.</summary>
    private (IrFunction Function, ImmutableArray<IrExpr> Arguments)? Arguments(Decl.Function f, Expr.Call c, Scope s)
    {
        if (c.Arguments.Length != f.Parameters.Length)
        {
            Report(SemanticDiagnostics.WrongArguments, c.Span, $"'{f.Name}' takes {Count(f.Parameters.Length, "argument")}, not {c.Arguments.Length}", f.Span);
            return null;
        }
        if (c.Function.Widths.Length > f.Widths.Length)
        {
            Report(SemanticDiagnostics.WidthArguments, c.Function.Span, $"'{f.Name}' takes {Count(f.Widths.Length, "width argument")}, not {c.Function.Widths.Length}", f.Span);
            return null;
        }
        var widths = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < c.Function.Widths.Length; i++) 
        {
            // A generic argument is usually a width, but any small constant will do; it is a width where it is used as one.
            if (TryConstant(c.Function.Widths[i], s) is not { } argument) return null;
            if (argument < 0 || argument > 65535) Report(SemanticDiagnostics.WidthArguments, c.Function.Widths[i].Span, $"a width argument is 0 to 65535, not {argument}");
            widths[f.Widths[i]] = (int)BigInteger.Min(65535, BigInteger.Max(0, argument));
        }
        var scope = new Scope();
        foreach (var w in widths) scope.Widths[w.Key] = w.Value;
        var values = new Value[c.Arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // A parameter whose width is not known yet takes the argument's.
            var open = f.Parameters[i].Type is TypeSyntax.Bits { Width: Expr.Name n } && f.Widths.Contains(n.Id) && !scope.Widths.ContainsKey(n.Id) ? ((Expr.Name)((TypeSyntax.Bits)f.Parameters[i].Type).Width).Id : null;
            var known = open is null && !NeedsOpenWidth(f, f.Parameters[i].Type, scope);
            values[i] = Bind(c.Arguments[i], s, known ? BitsOf(f.Parameters[i].Type, scope).Width : 0);
            if (open is not null && values[i].Expr is { Width: > 0 } typed) scope.Widths[open] = typed.Width;
        }
        foreach (var w in f.Widths)
        {
            if (scope.Widths.ContainsKey(w)) continue;
            if (!values.Any(v => v.IsError)) Report(SemanticDiagnostics.WidthArguments, c.Span, $"the width '{w}' of '{f.Name}' cannot be inferred; write {f.Name}<...>(...)");
            return null;
        }
        var arguments = values.Select((v, i) => Typed(v, BitsOf(f.Parameters[i].Type, scope).Width, c.Arguments[i].Span)).ToImmutableArray();
        return (Instantiate(f, scope.Widths, c.Span), arguments);
    }

    private static bool NeedsOpenWidth(Decl.Function f, TypeSyntax type, Scope scope) =>
        type is TypeSyntax.Bits b && Mentions(b.Width).Any(n => f.Widths.Contains(n) && !scope.Widths.ContainsKey(n));

    private static IEnumerable<string> Mentions(Expr e) => e switch
    {
        Expr.Name n => new[] { n.Id },
        Expr.Binary b => Mentions(b.Left).Concat(Mentions(b.Right)),
        Expr.Unary u => Mentions(u.Operand),
        _ => Array.Empty<string>(),
    };

    private Value CallFunction(IrFunction function, ImmutableArray<IrExpr> arguments, SourceSpan span, Scope s)
    {
        if (s.Decoding) decoding.Add(function);
        var pure = !bindings.Impure.Contains(function) && !inProgress.Contains(function);
        if (pure && function.Results.Length == 1) return Value.Of(new IrExpr.Call(function, arguments));
        if (!pure) s.Impure = true;
        if (s.Decoding)
        {
            Report(SemanticDiagnostics.NotPure, span, $"'{function.Name}' reads or changes state; decode code may only compute");
            return Bad(function.Results.Length == 1 ? function.Results[0].Width : 0);
        }
        var results = function.Results.Select((r, i) => (IrLocal?)s.Fresh(r.Name.Length > 0 ? r.Name : "r", r.Width)).ToImmutableArray();
        s.Output.Add(new IrStmt.Call(span, results, function, arguments));
        return results.Length == 1 ? Value.Of(new IrExpr.Local(results[0]!)) : Value.Tuple(results.Select(r => r!).ToImmutableArray());
    }

    /// <summary>The instance of a function for given widths, bound on first use.</summary>
    private IrFunction Instantiate(Decl.Function f, Dictionary<string, int> widths, SourceSpan use)
    {
        var name = f.Widths.Aggregate(f.Name, (n, w) => n + "_" + widths[w]);
        Ask(name);
        if (instances.TryGetValue(name, out var existing))
        {
            NoteRecursion(existing);
            return existing;
        }
        cancellation.ThrowIfCancellationRequested();
        if (instances.Count > 20000 || inProgress.Count > 200)
        {
            Report(SemanticDiagnostics.WidthArguments, use, $"'{f.Name}' is instantiated with ever new widths");
            return new IrFunction(name, ImmutableArray<IrLocal>.Empty, ImmutableArray.Create(("", 32)), f.Span);
        }
        var scope = new Scope();
        foreach (var w in widths) scope.Widths[w.Key] = w.Value;
        scope.Results = ResultsOf(f.Result, scope);
        var function = new IrFunction(name, DeclareParameters(f.Parameters, scope), scope.Results.Value, f.Span);
        BindFunctionBody(function, f.Name, f.Body, scope);
        return function;
    }

    /// <param name="declaration">Name of the declared function; null for other code.</param>
    private void BindFunctionBody(IrFunction function, string? declaration, Stmt.Block body, Scope scope)
    {
        instances[function.Name] = function;
        function.Body = BindCode(function, body, scope, model.Functions.Count, out var requests);
        bindings.OfFunctions[function] = requests;
        bindings.CountMaps(requests);
        bound[function.Name] = new FunctionInstance(function, declaration, scope.Widths, model.Functions.Count);
        model.Functions.Add(function);
    }

    /// <summary>Binds the body of a function in a scope that has its parameters.</summary>
    /// <param name="start">How many functions had been bound before.</param>
    private IrStmt.Block BindCode(IrFunction function, Stmt.Block body, Scope scope, int start, out Requests requests)
    {
        inProgress.Add(function);
        var saved = (siblings, asked);
        (siblings, asked) = (default, requests = new Requests(start));
        BindBlock(body, scope);
        (siblings, asked) = saved;
        inProgress.Remove(function);
        var code = BlockOf(scope.Output, body.Span);
        if (scope.Impure || function.Results.IsEmpty) bindings.Impure.Add(function);
        if (!function.Results.IsEmpty && !AlwaysLeaves(code))
            Report(SemanticDiagnostics.NoResult, function.Span, $"'{function.Name}' does not return a value on every path");
        return code;
    }

    private static bool AlwaysLeaves(IrStmt s) => s switch
    {
        IrStmt.Return or IrStmt.Raise or IrStmt.Reject => true,
        IrStmt.Block b => b.Statements.Any(AlwaysLeaves),
        IrStmt.If i => AlwaysLeaves(i.Then) && AlwaysLeaves(i.Else),
        _ => false,
    };

    private ImmutableArray<IrLocal> DeclareParameters(ImmutableArray<Parameter> parameters, Scope scope)
    {
        var result = ImmutableArray.CreateBuilder<IrLocal>();
        foreach (var p in parameters)
        {
            var (width, signed) = BitsOf(p.Type, scope);
            var local = scope.Fresh(p.Name, width, signed);
            if (!scope.Declare(p.Name, new Scope.Symbol(local, null, false))) Report(SemanticDiagnostics.DuplicateName, p.Span, $"parameter '{p.Name}' is declared twice");
            result.Add(local);
        }
        return result.ToImmutable();
    }

    private IrFunction UndefinedFunction(Decl.Undefined u)
    {
        var key = "Undefined_" + u.Name;
        Ask(key);
        if (instances.TryGetValue(key, out var existing)) return existing;
        var scope = new Scope();
        var width = BitsOf(u.Type, scope).Width;
        scope.Results = ImmutableArray.Create(("", width));
        var function = new IrFunction(key, DeclareParameters(u.Parameters, scope), scope.Results.Value, u.Span) { UndefinedReference = u.Reference };
        BindFunctionBody(function, null, new Stmt.Block(u.Span, ImmutableArray.Create<Stmt>(new Stmt.Return(u.Span, u.Value))), scope);
        return function;
    }

    private static readonly string[] Builtins = { "zext", "sext", "trunc", "popcount", "clz", "ctz", "parity", "bswap", "rotl", "rotr", "abs", "width", "default" };

    private Value BindBuiltin(Expr.Call c, Scope s, int expected)
    {
        var name = c.Function.Id;
        var arguments = c.Arguments;
        bool Takes(int n)
        {
            if (arguments.Length == n) return true;
            Report(SemanticDiagnostics.WrongArguments, c.Span, $"'{name}' takes {Count(n, "argument")}, not {arguments.Length}");
            return false;
        }
        switch (name)
        {
            case "zext" or "sext" or "trunc":
            {
                if (!Takes(1) || c.Function.Widths.Length != 1) { if (c.Function.Widths.Length != 1) Report(SemanticDiagnostics.WidthArguments, c.Span, $"write {name}<width>(x)"); return Bad(); }
                var width = WidthOf(c.Function.Widths[0], s);
                var v = Bind(arguments[0], s, 0);
                if (v.IsLiteral) return Value.Of(Typed(v, width, c.Span));
                var e = OwnWidth(v, c.Span);
                if (width == 0 || e.Width == 0) return Bad(width);
                var wrong = name == "trunc" ? e.Width < width : e.Width > width;
                if (wrong) { Report(SemanticDiagnostics.WidthMismatch, c.Span, $"{name} cannot make {width} bits of {e.Width}"); return Bad(width); }
                var kind = name == "zext" ? IrConversion.Zext : name == "sext" ? IrConversion.Sext : IrConversion.Trunc;
                return Value.Of(Folding.Convert(kind, e, width), v.Signed);
            }
            case "popcount" or "clz" or "ctz" or "bswap" or "parity" or "abs":
            {
                if (!Takes(1)) return Bad();
                var v = Bind(arguments[0], s, expected);
                var e = v.IsLiteral && expected > 0 ? Typed(v, expected, c.Span) : OwnWidth(v, c.Span);
                var op = name switch { "popcount" => IrUnary.PopCount, "clz" => IrUnary.Clz, "ctz" => IrUnary.Ctz, "bswap" => IrUnary.ByteSwap, "parity" => IrUnary.Parity, _ => IrUnary.Abs };
                if (op == IrUnary.ByteSwap && e.Width % 8 != 0) Report(SemanticDiagnostics.WidthMismatch, c.Span, "bswap needs whole bytes");
                return Value.Of(Folding.Unary(op, e));
            }
            case "rotl" or "rotr":
            {
                if (!Takes(2)) return Bad();
                var e = OwnWidth(Bind(arguments[0], s, expected), c.Span);
                var count = Bind(arguments[1], s, 0);
                return Value.Of(Folding.Binary(name == "rotl" ? IrBinary.Rotl : IrBinary.Rotr, e, count.IsLiteral ? Typed(count, 32, c.Span) : OwnWidth(count, c.Span)));
            }
            case "width":
            {
                if (!Takes(1)) return Bad();
                if (arguments[0] is Expr.Name n && s.Operands.TryGetValue(n.Id, out var operand)) return Value.Of(new BigInteger(operand.Model.Width));
                return ProbeWidth(arguments[0], s) is > 0 and var known ? Value.Of(new BigInteger(known)) : Bad();
            }
            case "default" when s.DecodeVisible && Takes(1):
                if (arguments[0] is Expr.Name axis && FindDecode(axis.Id, s) is { Kind: DecodeVariableKind.Axis } variable) return ReadDecode(DefaultOf(variable), s);
                Report(SemanticDiagnostics.WrongKind, c.Span, "default(...) takes an axis");
                return Bad();
        }
        Report(SemanticDiagnostics.UnknownName, c.Function.Span, $"the function '{name}' is not declared{DidYouMean(name, functions.Keys.Concat(externs.Keys).Concat(undefineds.Keys).Concat(Builtins))}");
        foreach (var a in arguments) Bind(a, s, 0);
        return Bad();
    }
}
