using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>
/// Decode code on symbolic values: each bit of a value is the set of inputs (prefix state and bytes) for which it is one; bit 0 first. What cannot be followed,
/// and bytes beyond those that decide, are bits of their own that may be anything.
/// </summary>
internal sealed class SymbolicDecode(Bdd bdd, Func<int> fresh)
{
    /// <summary>Calls within calls that are followed.</summary>
    private const int Deepest = 16;

    private readonly Dictionary<IrLocal, int[]> locals = new();
    private readonly Dictionary<IrExpr, int[]> unknown = new();

    // In a function: what it has returned so far, where it has not returned yet, and whether all of it could be followed.
    private int[] result = Array.Empty<int>();
    private int running = Bdd.True;
    private bool followed = true;
    private int depth;

    /// <summary>Values of decode variables.</summary>
    public Dictionary<DecodeVariable, int[]> Variables { get; } = new();

    /// <summary>The inputs for which a condition holds.</summary>
    public int Condition(IrExpr condition) => Evaluate(condition)[0];

    /// <summary>The inputs for which a variable has a value.</summary>
    public int Has(DecodeVariable variable, BigInteger value) => Equal(Read(variable), Constant(value, variable.Width));

    public int[] Fresh(int width)
    {
        var bits = new int[width];
        for (int k = 0; k < width; k++) bits[k] = bdd.Bit(fresh());
        return bits;
    }

    public static int[] Constant(BigInteger value, int width)
    {
        var bits = new int[width];
        for (int k = 0; k < width; k++) bits[k] = (value >> k & 1).IsOne ? Bdd.True : Bdd.False;
        return bits;
    }

    /// <summary>Runs a block on the inputs in <paramref name="path"/>.</summary>
    public void Run(IrStmt.Block block, int path = Bdd.True)
    {
        foreach (IrStmt statement in block.Statements)
        {
            switch (statement)
            {
                case IrStmt.Block inner: Run(inner, path); break;
                case IrStmt.Set set:
                    int[] assigned = Evaluate(set.Value);
                    locals[set.Variable] = !set.Declare && locals.TryGetValue(set.Variable, out int[]? old) ? Choose(bdd.And(path, running), assigned, old) : assigned;
                    break;
                case IrStmt.Return { Values.Length: 1 } r when depth > 0:
                    result = Choose(bdd.And(path, running), Evaluate(r.Values[0]), result);
                    running = bdd.And(running, bdd.Not(path));
                    break;
                case IrStmt.SetDecode set:
                    // What was computed from the old value is no longer what the same expression means.
                    unknown.Clear();
                    int[] value = set.Variable.IsRef ? Fresh(set.Variable.Width) : Evaluate(set.Value);
                    Variables[set.Variable] = Choose(path, value, Read(set.Variable));
                    break;
                case IrStmt.If branch:
                    int condition = Condition(branch.Condition);
                    Run(branch.Then, bdd.And(path, condition));
                    Run(branch.Else, bdd.And(path, bdd.Not(condition)));
                    break;
                default: Forget(statement); break;
            }
        }
    }

    private void Forget(IrStmt statement)
    {
        followed = false;
        unknown.Clear();
        IrTree.Visit(statement, s =>
        {
            if (s is IrStmt.Set set) locals[set.Variable] = Fresh(set.Variable.Width);
            if (s is IrStmt.SetDecode decode) Variables[decode.Variable] = Fresh(decode.Variable.Width);
            if (s is IrStmt.Call call)
            {
                foreach (IrLocal? result in call.Results.Where(r => r is not null)) locals[result!] = Fresh(result!.Width);
            }
        }, null);
    }

    private int[] Read(DecodeVariable variable)
    {
        if (variable.Field is { } field) return Read(field).Skip(variable.LowBit).Take(variable.Width).ToArray();
        if (!Variables.TryGetValue(variable, out int[]? bits)) Variables.Add(variable, bits = Fresh(variable.Width));
        return bits;
    }

    private int[] Evaluate(IrExpr e)
    {
        switch (e)
        {
            case IrExpr.Const c: return Constant(c.Value, c.Width);
            case IrExpr.Local l when locals.TryGetValue(l.Variable, out int[]? local): return local;
            case IrExpr.Decode d when !d.Variable.IsRef: return Read(d.Variable);
            case IrExpr.Next n: return Fresh(n.Width);
            case IrExpr.Unary { Operator: IrUnary.Not } u: return Evaluate(u.Operand).Select(bdd.Not).ToArray();
            case IrExpr.Unary { Operator: IrUnary.Neg } u: return Add(Evaluate(u.Operand).Select(bdd.Not).ToArray(), Constant(BigInteger.Zero, u.Width), Bdd.True);
            case IrExpr.Binary b when Binary(b) is { } bits: return bits;
            case IrExpr.Convert c: return Convert(c.Kind, Evaluate(c.Operand), c.Width);
            case IrExpr.Slice s: return Evaluate(s.Operand).Skip(s.Low).Take(s.Width).ToArray();
            case IrExpr.Bit b: return new[] { Pick(Evaluate(b.Operand).Select(x => new[] { x }).ToList(), Evaluate(b.Position), 1)[0] };
            case IrExpr.Select s: return Choose(Condition(s.Condition), Evaluate(s.WhenTrue), Evaluate(s.WhenFalse));
            case IrExpr.Call c when depth < Deepest && Call(c) is { } returned: return returned;
            case IrExpr.Table { Data.Strings.IsDefaultOrEmpty: true, Data.Values.Length: <= 256 } t:
                return Pick(t.Data.Values.Select(v => Constant(v, t.Width)).ToList(), Evaluate(t.Index), t.Width);
        }
        if (!unknown.TryGetValue(e, out int[]? any)) unknown.Add(e, any = Fresh(e.Width));
        return any;
    }

    /// <summary>The result of a function that only computes, or null.</summary>
    private int[]? Call(IrExpr.Call call)
    {
        if (call.Function.Extern is not null) return null;
        var inner = new SymbolicDecode(bdd, fresh) { depth = depth + 1, result = Constant(BigInteger.Zero, call.Width) };
        for (int k = 0; k < call.Arguments.Length; k++) inner.locals[call.Function.Parameters[k]] = Evaluate(call.Arguments[k]);
        inner.Run(call.Function.Body);
        return inner.followed ? inner.result : null;
    }

    private int[]? Binary(IrExpr.Binary b)
    {
        bool shift = b.Operator is IrBinary.Shl or IrBinary.LShr;
        if (shift && b.Right is not IrExpr.Const) return null;
        if (b.Operator is not (IrBinary.And or IrBinary.Or or IrBinary.Xor or IrBinary.Add or IrBinary.Sub or IrBinary.Eq or IrBinary.Ne or IrBinary.ULt or IrBinary.ULe
            or IrBinary.SLt or IrBinary.SLe or IrBinary.Concat) && !shift) return null;
        int[] x = Evaluate(b.Left), y = Evaluate(b.Right);
        switch (b.Operator)
        {
            case IrBinary.And: return x.Zip(y, bdd.And).ToArray();
            case IrBinary.Or: return x.Zip(y, bdd.Or).ToArray();
            case IrBinary.Xor: return x.Zip(y, bdd.Xor).ToArray();
            case IrBinary.Add: return Add(x, y, Bdd.False);
            case IrBinary.Sub: return Add(x, y.Select(bdd.Not).ToArray(), Bdd.True);
            case IrBinary.Eq: return new[] { Equal(x, y) };
            case IrBinary.Ne: return new[] { bdd.Not(Equal(x, y)) };
            case IrBinary.ULt: return new[] { Less(x, y) };
            case IrBinary.ULe: return new[] { bdd.Not(Less(y, x)) };
            case IrBinary.SLt: return new[] { Less(FlipSign(x), FlipSign(y)) };
            case IrBinary.SLe: return new[] { bdd.Not(Less(FlipSign(y), FlipSign(x))) };
            case IrBinary.Concat: return y.Concat(x).ToArray();
            default:
                int count = (int)BigInteger.Min(((IrExpr.Const)b.Right).Value, b.Width);
                int[] zeros = Constant(BigInteger.Zero, count);
                return b.Operator == IrBinary.Shl ? zeros.Concat(x.Take(b.Width - count)).ToArray() : x.Skip(count).Concat(zeros).ToArray();
        }
    }

    private int[] FlipSign(int[] x)
    {
        int[] flipped = (int[])x.Clone();
        flipped[x.Length - 1] = bdd.Not(x[x.Length - 1]);
        return flipped;
    }

    private int[] Add(int[] x, int[] y, int carry)
    {
        var sum = new int[x.Length];
        for (int k = 0; k < x.Length; k++)
        {
            int differ = bdd.Xor(x[k], y[k]);
            sum[k] = bdd.Xor(differ, carry);
            carry = bdd.Choose(differ, carry, x[k]);
        }
        return sum;
    }

    private int Equal(int[] x, int[] y)
    {
        int equal = Bdd.True;
        for (int k = x.Length - 1; k >= 0; k--) equal = bdd.And(equal, bdd.Not(bdd.Xor(x[k], y[k])));
        return equal;
    }

    private int Less(int[] x, int[] y)
    {
        int less = Bdd.False;
        for (int k = 0; k < x.Length; k++) less = bdd.Choose(bdd.Xor(x[k], y[k]), y[k], less);
        return less;
    }

    private static int[] Convert(IrConversion kind, int[] x, int width) => kind switch
    {
        IrConversion.Trunc => x.Take(width).ToArray(),
        _ => x.Concat(Enumerable.Repeat(kind == IrConversion.Zext ? Bdd.False : x[x.Length - 1], Math.Max(0, width - x.Length))).ToArray(),
    };

    private int[] Choose(int condition, int[] x, int[] y) => x.Zip(y, (a, b) => bdd.Choose(condition, a, b)).ToArray();

    /// <summary>The element of a list with a symbolic index; zero beyond its end.</summary>
    private int[] Pick(List<int[]> elements, int[] index, int width)
    {
        int[] result = Constant(BigInteger.Zero, width);
        for (int k = 0; k < elements.Count; k++)
        {
            if (index.Length < 31 && k >> index.Length != 0) break;
            result = Choose(Equal(index, Constant(k, index.Length)), elements[k], result);
        }
        return result;
    }
}
