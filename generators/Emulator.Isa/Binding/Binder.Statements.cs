using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    private void BindBlock(Stmt.Block block, Scope s)
    {
        s.Push();
        foreach (var statement in block.Statements) BindStatement(statement, s);
        s.Pop();
    }

    private IrStmt.Block NestedBlock(Stmt statement, Scope s)
    {
        var outer = s.Output;
        s.Output = new List<IrStmt>();
        s.Depth++;
        if (statement is Stmt.Block b) BindBlock(b, s); else BindStatement(statement, s);
        s.Depth--;
        var result = BlockOf(s.Output, statement.Span);
        s.Output = outer;
        return result;
    }

    private void BindStatement(Stmt statement, Scope s)
    {
        cancellation.ThrowIfCancellationRequested();
        switch (statement)
        {
            case Stmt.Block b: BindBlock(b, s); break;
            case Stmt.Let l: BindLet(l, s); break;
            case Stmt.Assign a: BindAssign(a, s); break;
            case Stmt.If i: BindIf(i, s); break;
            case Stmt.Match m: BindMatchStatement(m, s); break;
            case Stmt.While w: BindWhile(w, s); break;
            case Stmt.For f: BindFor(f, s); break;
            case Stmt.Raise r: BindRaise(r, s); break;
            case Stmt.Require r: BindRequire(r, s); break;
            case Stmt.Return r: BindReturn(r, s); break;
            case Stmt.Flush f: BindFlush(f, s); break;
            case Stmt.Commit:
                if (!s.Restartable) Report(SemanticDiagnostics.NotHere, statement.Span, "commit may stand in a restartable body only");
                s.Impure = true;
                s.Output.Add(new IrStmt.Commit(statement.Span));
                break;
            case Stmt.Fetch f:
                if (s.Decoding && decodeVariables.TryGetValue(f.Field, out var field) && field.Kind == DecodeVariableKind.Field)
                    s.Output.Add(new IrStmt.SetDecode(f.Span, field, new IrExpr.Next(field.Width)));
                else Report(SemanticDiagnostics.NotHere, f.Span, $"'fetch {f.Field};' takes a field and stands in decode procedures");
                break;
            case Stmt.Call c:
                var before = s.Output.Count;
                var value = BindCall(c.Expression, s, 32);
                // A pure call for its own sake does nothing, except where a procedure turned out empty.
                if (s.Output.Count == before && value.Expr is IrExpr.Call) Report(SemanticDiagnostics.NotHere, c.Span, $"the result of '{c.Expression.Function.Id}' is not used, and it does nothing else");
                break;
        }
    }

    private void BindLet(Stmt.Let l, Scope s)
    {
        if (l.Names.Length > 1)
        {
            var tuple = Bind(l.Value, s, 0);
            if (!tuple.IsTuple || tuple.Items.Length != l.Names.Length)
            {
                if (!tuple.IsError) Report(SemanticDiagnostics.WrongArguments, l.Span, $"{l.Names.Length} names need a function with {l.Names.Length} results");
                foreach (var name in l.Names) s.Declare(name, new Scope.Symbol(null, Bad(), false));
                return;
            }
            for (var i = 0; i < l.Names.Length; i++) DeclareLocal(l.Names[i], new Scope.Symbol(tuple.Items[i], null, l.Mutable), l, s);
            return;
        }
        var expected = l.Type is null ? 0 : BitsOf(l.Type, s).Width;
        var value = Bind(l.Value, s, expected);
        if (value.IsTuple) { Report(SemanticDiagnostics.WrongKind, l.Value.Span, "this has no single value"); value = Bad(); }
        if (l.Type is null && value.IsLiteral && !l.Mutable)
        {
            DeclareLocal(l.Names[0], new Scope.Symbol(null, value, false), l, s);
            return;
        }
        var signed = l.Type is null ? value.Signed : BitsOf(l.Type, s).Signed;
        var bound = l.Type is null ? OwnWidth(value, l.Value.Span) : Typed(value, expected, l.Value.Span);
        if (!l.Mutable && bound is IrExpr.Const)
        {
            DeclareLocal(l.Names[0], new Scope.Symbol(null, Value.Of(bound, signed), false), l, s);
            return;
        }
        var local = s.Fresh(l.Names[0], bound.Width, signed);
        s.Output.Add(new IrStmt.Set(l.Span, local, bound, true));
        DeclareLocal(l.Names[0], new Scope.Symbol(local, null, l.Mutable), l, s);
    }

    private void DeclareLocal(string name, Scope.Symbol symbol, Stmt.Let l, Scope s)
    {
        if (!s.Declare(name, symbol with { Span = l.Span })) Report(SemanticDiagnostics.DuplicateName, l.Span, $"'{name}' is already declared in this block", s.Find(name)!.Span);
    }

    private void BindIf(Stmt.If i, Scope s)
    {
        var condition = BindTyped(i.Condition, s, 1);
        if (Folding.IsConst(condition, out var known))
        {
            // Decided while specialising: the other branch may not even make sense for these widths.
            if (!known.IsZero) BindBlock(i.Then, s);
            else if (i.Else is not null) BindStatement(i.Else, s);
            return;
        }
        var then = NestedBlock(i.Then, s);
        var otherwise = i.Else is null ? IrStmt.Block.Empty : NestedBlock(i.Else, s);
        s.Output.Add(new IrStmt.If(i.Span, condition, then, otherwise));
    }

    private void BindMatchStatement(Stmt.Match m, Scope s)
    {
        var operand = Bind(m.Operand, s, 0);
        var subject = Spill(operand.IsLiteral ? Typed(operand, 32, m.Operand.Span) : OwnWidth(operand, m.Operand.Span), s, "match");
        void Arm(int i)
        {
            if (i >= m.Arms.Length) return;
            var arm = m.Arms[i];
            if (arm.Values.IsEmpty) { BindStatement(arm.Body, s); return; }
            var test = ArmTest(subject, subject.Width, arm.Values, s);
            if (Folding.IsConst(test, out var known))
            {
                if (known.IsZero) Arm(i + 1); else BindStatement(arm.Body, s);
                return;
            }
            var then = NestedBlock(arm.Body, s);
            var outer = s.Output;
            s.Output = new List<IrStmt>();
            s.Depth++;
            Arm(i + 1);
            s.Depth--;
            var otherwise = BlockOf(s.Output, m.Span);
            s.Output = outer;
            s.Output.Add(new IrStmt.If(arm.Span, test, then, otherwise));
        }
        Arm(0);
    }

    private void BindWhile(Stmt.While w, Scope s)
    {
        var outer = s.Output;
        s.Output = new List<IrStmt>();
        s.Depth++;
        var condition = BindTyped(w.Condition, s, 1);
        s.Depth--;
        var header = BlockOf(s.Output, w.Condition.Span);
        s.Output = outer;
        s.Output.Add(new IrStmt.While(w.Span, header, condition, NestedBlock(w.Body, s)));
    }

    private void BindFor(Stmt.For f, Scope s)
    {
        var (from, to) = (Bind(f.From, s, 0), Bind(f.To, s, 0));
        var width = from.Expr?.Width ?? to.Expr?.Width ?? 32;
        var local = s.Fresh(f.Variable, width);
        s.Push();
        s.Declare(f.Variable, new Scope.Symbol(local, null, false));
        var body = NestedBlock(f.Body, s);
        s.Pop();
        s.Output.Add(new IrStmt.For(f.Span, local, Typed(from, width, f.From.Span), Typed(to, width, f.To.Span), body));
    }

    private (TrapSpec Trap, ImmutableArray<IrExpr> Arguments)? TrapArguments(Stmt.Raise r, Scope s)
    {
        if (!traps.TryGetValue(r.Trap, out var trap))
        {
            Report(SemanticDiagnostics.UnknownName, r.Span, $"the trap '{r.Trap}' is not declared{DidYouMean(r.Trap, traps.Keys)}");
            return null;
        }
        if (r.Arguments.Length > trap.Parameters.Length || (r.Arguments.Length < trap.Parameters.Length && r.Arguments.Length > 0))
        {
            Report(SemanticDiagnostics.WrongArguments, r.Span, $"trap '{r.Trap}' takes {Count(trap.Parameters.Length, "argument")}, not {r.Arguments.Length}", trap.Span);
            return null;
        }
        return (trap, trap.Parameters.Select((p, i) => i < r.Arguments.Length ? BindTyped(r.Arguments[i], s, p.Width) : Folding.Const(0, p.Width)).ToImmutableArray());
    }

    private void BindRaise(Stmt.Raise r, Scope s)
    {
        s.Impure = true;
        if (TrapArguments(r, s) is not { } trap) return;
        s.Output.Add(s.Decoding ? new IrStmt.Reject(r.Span, trap.Trap, trap.Arguments) : new IrStmt.Raise(r.Span, trap.Trap, trap.Arguments));
    }

    private void BindRequire(Stmt.Require r, Scope s)
    {
        var condition = BindTyped(r.Condition, s, 1);
        if (Folding.IsConst(condition, out var known))
        {
            if (known.IsZero) BindRaise(r.Else, s);
            return;
        }
        var outer = s.Output;
        s.Output = new List<IrStmt>();
        BindRaise(r.Else, s);
        var otherwise = BlockOf(s.Output, r.Else.Span);
        s.Output = outer;
        s.Output.Add(new IrStmt.If(r.Span, Folding.Not(condition), otherwise, IrStmt.Block.Empty));
    }

    private void BindReturn(Stmt.Return r, Scope s)
    {
        if (s.Results is not { } results)
        {
            Report(SemanticDiagnostics.NotHere, r.Span, "return stands in functions, procedures and hooks");
            return;
        }
        var items = r.Value is null ? ImmutableArray<Expr>.Empty : r.Value is Expr.Tuple t ? t.Items : ImmutableArray.Create(r.Value);
        if (items.Length == 1 && results.Length > 1)
        {
            var tuple = Bind(items[0], s, 0);
            if (tuple.IsTuple && tuple.Items.Length == results.Length)
            {
                s.Output.Add(new IrStmt.Return(r.Span, tuple.Items.Select((x, i) => Typed(Value.Of(new IrExpr.Local(x)), results[i].Width, r.Span)).ToImmutableArray()));
                return;
            }
        }
        if (items.Length != results.Length)
        {
            Report(SemanticDiagnostics.NoResult, r.Span, results.Length == 0 ? "what has no result returns no value" : $"{Count(results.Length, "result")} must be returned, not {items.Length}");
            return;
        }
        var values = items.Select((e, i) => BindTyped(e, s, results[i].Width)).ToImmutableArray();
        s.Output.Add(new IrStmt.Return(r.Span, values));
    }

    private void BindFlush(Stmt.Flush f, Scope s)
    {
        s.Impure = true;
        if (!memories.TryGetValue(f.Memory, out var memory) || memory.IsBus)
        {
            // Memories are declared after states: on-write code is bound late enough to see them.
            Report(SemanticDiagnostics.UnknownName, f.Span, $"'{f.Memory}' is not a paged memory{DidYouMean(f.Memory, memories.Keys)}");
            return;
        }
        s.Output.Add(new IrStmt.Flush(f.Span, memory, f.At is null ? null : BindTyped(f.At, s, memory.AddressWidth)));
    }
}
