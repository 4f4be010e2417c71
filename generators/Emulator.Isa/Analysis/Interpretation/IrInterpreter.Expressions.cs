using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

public sealed partial class IrInterpreter
{
    private BigInteger[] EvalAll(ImmutableArray<IrExpr> expressions, Dictionary<IrLocal, BigInteger> locals)
    {
        var results = new BigInteger[expressions.Length];
        for (int i = 0; i < results.Length; i++) results[i] = Eval(expressions[i], locals);
        return results;
    }

    private BigInteger Eval(IrExpr e, Dictionary<IrLocal, BigInteger> locals)
    {
        switch (e)
        {
            case IrExpr.Const c: return c.Value;
            case IrExpr.Local l: return locals.TryGetValue(l.Variable, out BigInteger value) ? value : BigInteger.Zero;
            case IrExpr.State s: return ReadAtom(s.Atom, s.Index is null ? 0 : Index(Eval(s.Index, locals)));
            case IrExpr.Decode d: return instruction is not null && instruction.Values.TryGetValue(d.Variable, out BigInteger decoded) ? decoded : BigInteger.Zero;
            case IrExpr.Ref r: return ReadReference(r.Variable);
            case IrExpr.Insn i: return Instruction(i);
            case IrExpr.Unary u: return IrMath.Unary(u.Operator, Eval(u.Operand, locals), u.Operand.Width);
            case IrExpr.Binary b:
                BigInteger left = Eval(b.Left, locals);
                // Both sides have no effects; stopping early only saves time.
                if (b.Width == 1 && b.Operator == IrBinary.And && left.IsZero) return left;
                if (b.Width == 1 && b.Operator == IrBinary.Or && !left.IsZero) return left;
                return IrMath.Binary(b.Operator, left, b.Left.Width, Eval(b.Right, locals), b.Right.Width);
            case IrExpr.Convert c: return IrMath.Convert(c.Kind, Eval(c.Operand, locals), c.Operand.Width, c.Width);
            case IrExpr.Slice s: return IrMath.Wrap(Eval(s.Operand, locals) >> s.Low, s.Width);
            case IrExpr.Bit b:
                BigInteger position = Eval(b.Position, locals);
                return position >= b.Operand.Width ? BigInteger.Zero : (Eval(b.Operand, locals) >> (int)position) & 1;
            case IrExpr.Select s: return Eval(Eval(s.Condition, locals).IsZero ? s.WhenFalse : s.WhenTrue, locals);
            case IrExpr.Table t:
                BigInteger index = Eval(t.Index, locals);
                return index < t.Data.Values.Length ? t.Data.Values[(int)index] : BigInteger.Zero;
            case IrExpr.Call c:
                Call(c.Function, EvalAll(c.Arguments, locals), out BigInteger[] results);
                return results.Length > 0 ? results[0] : BigInteger.Zero;
            default: throw new InvalidOperationException($"{e.GetType().Name} does not stand in a body");
        }
    }

    private static int Index(BigInteger index) => index > int.MaxValue ? int.MaxValue : (int)index;

    private BigInteger ReadAtom(StateAtom atom, int index)
    {
        if (atom.Derived is { } derived)
        {
            Call(derived, atom.IsArray ? new BigInteger[] { index } : Array.Empty<BigInteger>(), out BigInteger[] results);
            // None where the limit of steps is reached: the execution counts as exhausted.
            return results.Length > 0 ? results[0] : BigInteger.Zero;
        }
        AtomsTouched.Add((atom, index));
        if (mapDepth > 0) MapAtoms.Add((atom, index));
        return state[atom, index];
    }

    private BigInteger ReadReference(DecodeVariable variable)
    {
        if (instruction is null || !instruction.References.TryGetValue(variable, out (StateView View, int Index)? reference) || reference is not { } r) return BigInteger.Zero;
        (int register, int low) = r.View.Elements[r.Index];
        AtomsTouched.Add((r.View.Array, register));
        return IrMath.Wrap(state[r.View.Array, register] >> low, r.View.Width);
    }

    private BigInteger Instruction(IrExpr.Insn e)
    {
        if (instruction is null) return BigInteger.Zero;
        return IrMath.Wrap(e.Property switch
        {
            InsnProperty.Pc => instruction.Pc,
            InsnProperty.Next => instruction.Pc + instruction.Length,
            InsnProperty.Length => instruction.Length,
            _ => instruction.Word,
        }, e.Width);
    }
}
