using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>Runs decode code on known values. What depends on bytes, registers or calls is unknown.</summary>
internal sealed class DecodeInterpreter(Dictionary<DecodeVariable, BigInteger?> variables)
{
    private readonly Dictionary<IrLocal, BigInteger?> locals = new();

    /// <summary>Runs a block. Where it cannot be followed, what it sets becomes unknown.</summary>
    public void Run(IrStmt.Block block)
    {
        foreach (IrStmt statement in block.Statements)
        {
            switch (statement)
            {
                case IrStmt.Block inner: Run(inner); break;
                case IrStmt.Set set: locals[set.Variable] = Evaluate(set.Value); break;
                case IrStmt.SetDecode set: variables[set.Variable] = Evaluate(set.Value); break;
                case IrStmt.If branch when Evaluate(branch.Condition) is { } condition: Run(condition.IsZero ? branch.Else : branch.Then); break;
                default: Forget(statement); break;
            }
        }
    }

    private void Forget(IrStmt statement)
    {
        IrTree.Visit(statement, s =>
        {
            if (s is IrStmt.Set set) locals[set.Variable] = null;
            if (s is IrStmt.SetDecode decode) variables[decode.Variable] = null;
            if (s is IrStmt.Call call)
            {
                foreach (IrLocal? result in call.Results.Where(r => r is not null)) locals[result!] = null;
            }
        }, null);
    }

    /// <summary>The value of an expression, or null.</summary>
    public BigInteger? Evaluate(IrExpr e)
    {
        switch (e)
        {
            case IrExpr.Const c: return c.Value;
            case IrExpr.Local l: return locals.TryGetValue(l.Variable, out BigInteger? local) ? local : null;
            case IrExpr.Decode d: return variables.TryGetValue(d.Variable, out BigInteger? value) ? value : null;
            case IrExpr.Unary u: return Evaluate(u.Operand) is { } x ? IrMath.Unary(u.Operator, x, u.Operand.Width) : null;
            case IrExpr.Binary b:
                return Evaluate(b.Left) is { } left && Evaluate(b.Right) is { } right ? IrMath.Binary(b.Operator, left, b.Left.Width, right, b.Right.Width) : null;
            case IrExpr.Convert c: return Evaluate(c.Operand) is { } operand ? IrMath.Convert(c.Kind, operand, c.Operand.Width, c.Width) : null;
            case IrExpr.Slice s: return Evaluate(s.Operand) is { } sliced ? IrMath.Wrap(sliced >> s.Low, s.Width) : null;
            case IrExpr.Bit b: return Evaluate(b.Operand) is { } bits && Evaluate(b.Position) is { } at ? (at < b.Operand.Width ? bits >> (int)at & 1 : BigInteger.Zero) : null;
            case IrExpr.Select s: return Evaluate(s.Condition) is { } condition ? Evaluate(condition.IsZero ? s.WhenFalse : s.WhenTrue) : null;
            case IrExpr.Table { Data.Strings.IsDefaultOrEmpty: true } t:
                return Evaluate(t.Index) is { } index ? (index < t.Data.Values.Length ? t.Data.Values[(int)index] : BigInteger.Zero) : null;
            default: return null;
        }
    }
}
