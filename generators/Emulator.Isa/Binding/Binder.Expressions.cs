using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

public sealed partial class Binder
{
    /// <summary>Binds an expression. Loads and calls with effects become statements in the scope's output.</summary>
    /// <param name="expected">Width literals inside may take where nothing else says; 0 for unknown.</param>
    private Value Bind(Expr e, Scope s, int expected)
    {
        switch (e)
        {
            case Expr.Number n: return Value.Of(n.Value);
            case Expr.Name n: return BindName(n, s);
            case Expr.Member m: return BindMember(m, s);
            case Expr.Index i: return BindIndex(i, s);
            case Expr.Call c: return BindCall(c, s, expected);
            case Expr.Slice sl: return BindSlice(sl, s);
            case Expr.Fields f: return BindFields(f, s);
            case Expr.Unary u: return BindUnary(u, s, expected);
            case Expr.Binary b: return BindBinary(b, s, expected);
            case Expr.Conditional c: return BindConditional(c.Condition, x => Bind(c.WhenTrue, x, expected), x => Bind(c.WhenFalse, x, expected), c.WhenTrue.Span, c.WhenFalse.Span, s, expected);
            case Expr.Cast c:
            {
                var (width, signed) = BitsOf(c.Type, s);
                return Value.Of(Typed(Bind(c.Operand, s, width), width, c.Operand.Span), signed);
            }
            case Expr.In i:
            {
                var operand = OwnWidth(Bind(i.Operand, s, 0), i.Operand.Span);
                operand = Spill(operand, s, "member");
                var any = Folding.Bool(false);
                foreach (var value in i.Values)
                    any = Folding.Binary(IrBinary.Or, any, Folding.Binary(IrBinary.Eq, operand, Typed(Bind(value, s, operand.Width), operand.Width, value.Span)));
                return Value.Of(any);
            }
            case Expr.Match m: return BindMatch(m, s, expected);
            case Expr.Missing: return Bad(expected);
            default:
                Report(SemanticDiagnostics.NotHere, e.Span, e is Expr.Text ? "text may not stand in an expression" : "a tuple may stand only in return and on the left of an assignment");
                return Bad(expected);
        }
    }

    private IrExpr BindTyped(Expr e, Scope s, int width) => Typed(Bind(e, s, width), width, e.Span);

    /// <summary>Gives a compound expression a name, so that it is evaluated once.</summary>
    private static IrExpr Spill(IrExpr e, Scope s, string name)
    {
        if (e is IrExpr.Const or IrExpr.Local || s.Decoding) return e;
        var local = s.Fresh(name, e.Width);
        s.Output.Add(new IrStmt.Set(SourceSpan.None, local, e, true));
        return new IrExpr.Local(local);
    }

    private Value BindUnary(Expr.Unary u, Scope s, int expected)
    {
        if (u.Operator == TokenKind.Bang) return Value.Of(Folding.Not(BindTyped(u.Operand, s, 1)));
        var v = Bind(u.Operand, s, expected);
        if (v.Literal is { } literal && u.Operator == TokenKind.Minus) return Value.Of(-literal);
        if (v.IsLiteral && expected > 0) v = Value.Of(Typed(v, expected, u.Span));
        if (v.Literal is { } free) return Value.Of(-free - 1);
        return Value.Of(Folding.Unary(u.Operator == TokenKind.Minus ? IrUnary.Neg : IrUnary.Not, OwnWidth(v, u.Operand.Span)), v.Signed);
    }

    private Value BindBinary(Expr.Binary b, Scope s, int expected)
    {
        if (b.Operator is TokenKind.AndAnd or TokenKind.OrOr)
        {
            var and = b.Operator == TokenKind.AndAnd;
            return and
                ? BindConditional(b.Left, x => Value.Of(BindTyped(b.Right, x, 1)), _ => Value.Of(Folding.Bool(false)), b.Span, b.Span, s, 1)
                : BindConditional(b.Left, _ => Value.Of(Folding.Bool(true)), x => Value.Of(BindTyped(b.Right, x, 1)), b.Span, b.Span, s, 1);
        }
        var comparison = b.Operator is TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessEqual or TokenKind.Greater or TokenKind.GreaterEqual;
        var shift = b.Operator is TokenKind.Shl or TokenKind.Shr;
        var concat = b.Operator == TokenKind.Concat;
        var hint = comparison || concat ? 0 : expected;
        var l = Bind(b.Left, s, hint);
        var before = s.Output.Count;
        var r = Bind(b.Right, s, shift || concat ? 0 : hint > 0 ? hint : l.Expr?.Width ?? 0);
        if (l.Expr is not null and not IrExpr.Const && s.Output.Count > before && s.Output.Skip(before).Any(x => x is IrStmt.Call or IrStmt.If or IrStmt.While) && l.Expr is not IrExpr.Local)
        {
            // The right side's effects must not be seen by the left one, which is evaluated first.
            var local = s.Fresh("left", l.Expr.Width);
            s.Output.Insert(before, new IrStmt.Set(b.Left.Span, local, l.Expr, true));
            l = Value.Of(new IrExpr.Local(local), l.Signed);
        }
        if (l.Literal is { } a && r.Literal is { } c && !concat) return Fold(b, a, c);
        if (l.IsError || r.IsError) return Bad(comparison ? 1 : shift ? l.Expr?.Width ?? expected : 0);
        if (concat) return Value.Of(Folding.Binary(IrBinary.Concat, OwnWidth(l, b.Left.Span), OwnWidth(r, b.Right.Span)));
        if (shift)
        {
            var value = l.IsLiteral && expected > 0 ? Typed(l, expected, b.Left.Span) : OwnWidth(l, b.Left.Span);
            var count = r.IsLiteral ? Typed(r, 32, b.Right.Span) : OwnWidth(r, b.Right.Span);
            var op = b.Operator == TokenKind.Shl ? IrBinary.Shl : l.Signed ? IrBinary.AShr : IrBinary.LShr;
            return Value.Of(Folding.Binary(op, value, count), l.Signed);
        }
        if (l.IsTuple || r.IsTuple)
        {
            Report(SemanticDiagnostics.WrongKind, b.Span, "an operator needs single values");
            return Bad(comparison ? 1 : 0);
        }
        var width = l.Expr?.Width ?? r.Expr!.Width;
        if (l.Expr is not null && r.Expr is not null && l.Expr.Width != r.Expr.Width)
        {
            Report(SemanticDiagnostics.WidthMismatch, b.Span, $"the operands have {l.Expr.Width} and {r.Expr.Width} bits; extend or truncate one");
            return Bad(comparison ? 1 : 0);
        }
        var signed = (l.IsLiteral || l.Signed) && (r.IsLiteral || r.Signed);
        var (left, right) = (Typed(l, width, b.Left.Span), Typed(r, width, b.Right.Span));
        IrExpr Make(IrBinary op) => Folding.Binary(op, left, right);
        IrExpr Swapped(IrBinary op) => Folding.Binary(op, right, left);
        return b.Operator switch
        {
            TokenKind.Plus => Value.Of(Make(IrBinary.Add), signed),
            TokenKind.Minus => Value.Of(Make(IrBinary.Sub), signed),
            TokenKind.Star => Value.Of(Make(IrBinary.Mul), signed),
            TokenKind.Slash => Value.Of(Make(signed ? IrBinary.SDiv : IrBinary.UDiv), signed),
            TokenKind.Percent => Value.Of(Make(signed ? IrBinary.SRem : IrBinary.URem), signed),
            TokenKind.And => Value.Of(Make(IrBinary.And), signed),
            TokenKind.Or => Value.Of(Make(IrBinary.Or), signed),
            TokenKind.Xor => Value.Of(Make(IrBinary.Xor), signed),
            TokenKind.Equal => Value.Of(Make(IrBinary.Eq)),
            TokenKind.NotEqual => Value.Of(Make(IrBinary.Ne)),
            TokenKind.Less => Value.Of(Make(signed ? IrBinary.SLt : IrBinary.ULt)),
            TokenKind.LessEqual => Value.Of(Make(signed ? IrBinary.SLe : IrBinary.ULe)),
            TokenKind.Greater => Value.Of(Swapped(signed ? IrBinary.SLt : IrBinary.ULt)),
            _ => Value.Of(Swapped(signed ? IrBinary.SLe : IrBinary.ULe)),
        };
    }

    /// <summary>An operator on two literals: unbounded integers, a comparison has width 1.</summary>
    private Value Fold(Expr.Binary b, BigInteger l, BigInteger r)
    {
        switch (b.Operator)
        {
            case TokenKind.Plus: return Value.Of(l + r);
            case TokenKind.Minus: return Value.Of(l - r);
            case TokenKind.Star: return Value.Of(l * r);
            case TokenKind.Slash when r != 0: return Value.Of(l / r);
            case TokenKind.Percent when r != 0: return Value.Of(l % r);
            case TokenKind.And: return Value.Of(l & r);
            case TokenKind.Or: return Value.Of(l | r);
            case TokenKind.Xor: return Value.Of(l ^ r);
            case TokenKind.Shl when r >= 0 && r < 256: return Value.Of(l << (int)r);
            case TokenKind.Shr when r >= 0 && r < 256: return Value.Of(l >> (int)r);
            case TokenKind.Equal: return Value.Of(Folding.Bool(l == r));
            case TokenKind.NotEqual: return Value.Of(Folding.Bool(l != r));
            case TokenKind.Less: return Value.Of(Folding.Bool(l < r));
            case TokenKind.LessEqual: return Value.Of(Folding.Bool(l <= r));
            case TokenKind.Greater: return Value.Of(Folding.Bool(l > r));
            case TokenKind.GreaterEqual: return Value.Of(Folding.Bool(l >= r));
            default:
                Report(SemanticDiagnostics.NotConstant, b.Span, "this cannot be computed");
                return Value.Of(BigInteger.Zero);
        }
    }

    /// <summary>Selection. Branches without statements become one expression, others a conditional statement; a known condition binds its branch only.</summary>
    private Value BindConditional(Expr condition, Func<Scope, Value> whenTrue, Func<Scope, Value> whenFalse, SourceSpan trueSpan, SourceSpan falseSpan, Scope s, int expected)
    {
        var c = BindTyped(condition, s, 1);
        if (Folding.IsConst(c, out var known)) return known.IsZero ? whenFalse(s) : whenTrue(s);
        var outer = s.Output;
        var (yes, yesCode) = Branch(whenTrue, s);
        var (no, noCode) = Branch(whenFalse, s);
        s.Output = outer;
        if (yes.IsError || no.IsError) return Bad();
        var width = yes.Expr?.Width ?? no.Expr?.Width ?? expected;
        if (width == 0 && yes.IsTuple | no.IsTuple) { Report(SemanticDiagnostics.WrongKind, condition.Span, "a selection needs single values"); return Bad(); }
        if (width == 0) { Report(SemanticDiagnostics.NoWidth, condition.Span, "the width of this selection is not known: both branches are literals"); return Bad(); }
        var (a, b) = (Typed(yes, width, trueSpan), Typed(no, width, falseSpan));
        var signed = (yes.IsLiteral || yes.Signed) && (no.IsLiteral || no.Signed) && !(yes.IsLiteral && no.IsLiteral);
        if (yesCode.Count == 0 && noCode.Count == 0) return Value.Of(Folding.Select(c, a, b), signed);
        var result = s.Fresh("choice", width, signed);
        outer.Add(new IrStmt.Set(condition.Span, result, Folding.Const(0, width), true));
        yesCode.Add(new IrStmt.Set(trueSpan, result, a, false));
        noCode.Add(new IrStmt.Set(falseSpan, result, b, false));
        outer.Add(new IrStmt.If(condition.Span, c, BlockOf(yesCode, trueSpan), BlockOf(noCode, falseSpan)));
        return Value.Of(new IrExpr.Local(result), signed);
    }

    private static (Value Value, List<IrStmt> Code) Branch(Func<Scope, Value> bind, Scope s)
    {
        var code = new List<IrStmt>();
        s.Output = code;
        s.Push();
        s.Depth++;
        var value = bind(s);
        s.Depth--;
        s.Pop();
        return (value, code);
    }

    private Value BindMatch(Expr.Match m, Scope s, int expected)
    {
        var operand = Bind(m.Operand, s, 0);
        var width = operand.Expr?.Width ?? 32;
        var subject = Spill(operand.IsLiteral ? Typed(operand, 32, m.Operand.Span) : OwnWidth(operand, m.Operand.Span), s, "match");
        // Literal arms take the width of the first typed one.
        if (expected == 0) expected = m.Arms.Select(a => a.Result is Expr.Number or Expr.Unary { Operand: Expr.Number } ? 0 : ProbeWidth(a.Result, s)).FirstOrDefault(w => w > 0);
        Value Arm(int i, Scope x)
        {
            if (i >= m.Arms.Length)
            {
                if (m.Arms.Length == 0) Report(SemanticDiagnostics.NoResult, m.Span, "a match needs arms");
                return Value.Of(BigInteger.Zero);
            }
            var arm = m.Arms[i];
            if (arm.Values.IsEmpty) return Bind(arm.Result, x, expected);
            var test = ArmTest(subject, width, arm.Values, x);
            if (Folding.IsConst(test, out var known)) return known.IsZero ? Arm(i + 1, x) : Bind(arm.Result, x, expected);
            return SelectBound(test, y => Bind(arm.Result, y, expected), y => Arm(i + 1, y), arm.Span, x, expected);
        }
        return Arm(0, s);
    }

    private int ProbeWidth(Expr e, Scope s)
    {
        var (output, impure) = (s.Output, s.Impure);
        s.Output = new List<IrStmt>();
        var width = Bind(e, s, 0).Expr?.Width ?? 0;
        (s.Output, s.Impure) = (output, impure);
        return width;
    }

    private IrExpr ArmTest(IrExpr subject, int width, ImmutableArray<Expr> values, Scope s)
    {
        var test = Folding.Bool(false);
        foreach (var value in values) test = Folding.Binary(IrBinary.Or, test, Folding.Binary(IrBinary.Eq, subject, BindTyped(value, s, width)));
        return test;
    }

    private Value SelectBound(IrExpr condition, Func<Scope, Value> whenTrue, Func<Scope, Value> whenFalse, SourceSpan span, Scope s, int expected)
    {
        var outer = s.Output;
        var (yes, yesCode) = Branch(whenTrue, s);
        var (no, noCode) = Branch(whenFalse, s);
        s.Output = outer;
        if (yes.IsError || no.IsError) return Bad();
        var width = yes.Expr?.Width ?? no.Expr?.Width ?? expected;
        if (width == 0) { Report(SemanticDiagnostics.NoWidth, span, "the width of this match is not known: all arms are literals"); return Bad(); }
        var (a, b) = (Typed(yes, width, span), Typed(no, width, span));
        var signed = yes.Signed && no.Signed;
        if (yesCode.Count == 0 && noCode.Count == 0) return Value.Of(Folding.Select(condition, a, b), signed);
        var result = s.Fresh("choice", width, signed);
        outer.Add(new IrStmt.Set(span, result, Folding.Const(0, width), true));
        yesCode.Add(new IrStmt.Set(span, result, a, false));
        noCode.Add(new IrStmt.Set(span, result, b, false));
        outer.Add(new IrStmt.If(span, condition, BlockOf(yesCode, span), BlockOf(noCode, span)));
        return Value.Of(new IrExpr.Local(result), signed);
    }

    private Value BindSlice(Expr.Slice sl, Scope s)
    {
        var v = Bind(sl.Target, s, 0);
        var target = OwnWidth(v, sl.Target.Span);
        if (sl.Low is null)
        {
            var position = Bind(sl.High, s, 0);
            if (position.Constant is { } bit)
            {
                if (bit < 0 || (bit >= target.Width && target.Width > 0)) { Report(SemanticDiagnostics.WidthMismatch, sl.Span, $"there is no bit {bit} in {target.Width} bits"); return Bad(1); }
                return Value.Of(Folding.Slice(target, (int)BigInteger.Min(bit, 127), 1));
            }
            return Value.Of(new IrExpr.Bit(target, OwnWidth(position, sl.High.Span)));
        }
        if (TryConstant(sl.High, s) is not { } high || TryConstant(sl.Low, s) is not { } low) return Bad();
        if (low < 0 || high < low || high > 127 || (high >= target.Width && target.Width > 0))
        {
            Report(SemanticDiagnostics.WidthMismatch, sl.Span, $"bits {high}:{low} lie outside the {target.Width} bits of this");
            return Bad(high >= low && low >= 0 && high < 128 ? (int)(high - low) + 1 : 0);
        }
        return Value.Of(Folding.Slice(target, (int)low, (int)(high - low) + 1));
    }
}
