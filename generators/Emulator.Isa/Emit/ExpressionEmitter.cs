using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>
/// Expressions of the IR as C#: values of width 1 are <c>bool</c>, others <c>uint</c>, <c>ulong</c> or <c>UInt128</c>, always zero above their width. Expects
/// simplified IR. What stands at the leaves (locals, states, decode values) is for subclasses to say.
/// </summary>
public abstract class ExpressionEmitter
{
    /// <summary>The expression as C# of type <see cref="TypeOf"/> of its width, exact.</summary>
    public string Emit(IrExpr e) => Emit(e, exact: true);

    /// <summary>The same, but bits above the width may be anything: for what is cut to the width anyway.</summary>
    public string Loose(IrExpr e) => Emit(e, exact: false);

    /// <summary>Widens or narrows the C# type (not the value): the result is an integer of 32, 64 or 128 bits.</summary>
    public string As(IrExpr e, int container, bool exact = true)
    {
        if (e is IrExpr.Const c) return Number(c.Value, container);
        if (e.Width == 1) return BoolAsNumber(e, container);
        string text = Emit(e, exact);
        int own = Container(e.Width);
        return own == container ? text : Cast(UnsignedType(container), text);
    }

    /// <summary>An operand of a binary operator.</summary>
    protected string Operand(IrExpr e, int container, bool exact = true) => Wrap(As(e, container, exact));

    /// <summary>A count for a C# shift: an int.</summary>
    protected string Count(IrExpr e) => e is IrExpr.Const c ? Int((int)c.Value) : $"(int){Operand(e, Container(e.Width))}";

    /// <summary>A value as a sign-extended number of its container.</summary>
    public string Signed(IrExpr e)
    {
        int container = Container(e.Width);
        if (e is IrExpr.Const c)
        {
            BigInteger value = IrMath.Signed(c.Value, e.Width);
            return container == 128 ? $"(Int128){Number(c.Value, 128)}" : value < 0 && value == IrMath.Signed(BigInteger.One << (container - 1), container)
                ? (container == 32 ? "int.MinValue" : "long.MinValue") : $"({value.ToString(System.Globalization.CultureInfo.InvariantCulture)}{(container == 64 ? "L" : "")})";
        }
        if (e.Width == 1) return $"({Emit(e)} ? -1 : 0)";
        string text = Wrap(Emit(e, exact: false));
        if (e.Width == container) return $"({SignedType(container)}){text}";
        if (e.Width == 8) return $"(int)(sbyte){text}";
        if (e.Width == 16) return $"(int)(short){text}";
        return $"(({SignedType(container)})({text} << {container - e.Width}) >> {container - e.Width})";
    }

    /// <summary>A leaf: locals, states, decode values, calls. The result is exact.</summary>
    protected abstract string Leaf(IrExpr e);

    /// <summary>The number 0 or 1 for a leaf of width 1, when that is cheaper than through bool; else null.</summary>
    protected virtual string? LeafAsNumber(IrExpr e, int container) => null;

    /// <summary>Whether evaluating an expression costs more than a branch around it.</summary>
    protected virtual bool IsExpensive(IrExpr e) =>
        IrTree.Any(e, x => x is IrExpr.Call or IrExpr.Table || x is IrExpr.State { Atom.Group: not null }
            || x is IrExpr.Binary { Operator: IrBinary.UDiv or IrBinary.SDiv or IrBinary.URem or IrBinary.SRem });

    private string BoolAsNumber(IrExpr e, int container)
    {
        string one = Number(BigInteger.One, container), zero = Number(BigInteger.Zero, container);
        if (LeafAsNumber(e, container) is { } leaf) return leaf;
        if (e is IrExpr.Slice s && s.Operand.Width > 1 && Container(s.Operand.Width) == container)
        {
            string bit = s.Low == 0 ? Operand(s.Operand, container, exact: false) : $"({Operand(s.Operand, container, exact: false)} >> {Int(s.Low)})";
            return $"({bit} & {one})";
        }
        return $"({Emit(e)} ? {one} : {zero})";
    }

    private string Emit(IrExpr e, bool exact) => e switch
    {
        IrExpr.Const c => Literal(c.Value, c.Width),
        IrExpr.Unary u => Unary(u, exact),
        IrExpr.Binary b => b.Width == 1 && b.Left.Width == 1 ? BoolBinary(b) : Binary(b, exact),
        IrExpr.Convert c => Convert(c, exact),
        IrExpr.Slice s => Slice(s, exact),
        IrExpr.Bit b => Bit(b),
        IrExpr.Select s => $"{Wrap(Emit(s.Condition))} ? {Wrap(Emit(s.WhenTrue, exact))} : {Wrap(Emit(s.WhenFalse, exact))}",
        _ => Leaf(e),
    };

    private static string Masked(string text, int width, bool exact)
    {
        int container = Container(width);
        if (!exact || width == container) return text;
        return $"{Wrap(text)} & {Number(IrMath.Mask(width), container)}";
    }

    private string Unary(IrExpr.Unary u, bool exact)
    {
        IrExpr x = u.Operand;
        int w = x.Width, container = Container(w);
        if (w == 1)
        {
            return u.Operator switch
            {
                IrUnary.Not or IrUnary.Clz or IrUnary.Ctz or IrUnary.Parity => "!" + Wrap(Emit(x)),
                _ => Emit(x),
            };
        }
        string type = UnsignedType(container);
        switch (u.Operator)
        {
            case IrUnary.Neg: return Masked($"{Number(BigInteger.Zero, container)} - {Wrap(Emit(x, exact: false))}", w, exact);
            case IrUnary.Not: return Masked($"~{Wrap(Emit(x, exact: false))}", w, exact);
            case IrUnary.PopCount: return container == 128 ? $"UInt128.PopCount({Emit(x)})" : $"({type})BitOperations.PopCount({Emit(x)})";
            case IrUnary.Parity:
                return container == 128 ? $"UInt128.IsEvenInteger(UInt128.PopCount({Emit(x)}))" : $"(BitOperations.PopCount({Emit(x)}) & 1) == 0";
            case IrUnary.Clz:
                string zeros = container == 128 ? $"UInt128.LeadingZeroCount({Emit(x)})" : $"({type})BitOperations.LeadingZeroCount({Emit(x)})";
                return w == container ? zeros : $"{zeros} - {Number(container - w, container)}";
            case IrUnary.Ctz:
                string operand = w == container ? Emit(x) : $"{Wrap(Emit(x))} | {Number(BigInteger.One << w, container)}";
                return container == 128 ? $"UInt128.TrailingZeroCount({operand})" : $"({type})BitOperations.TrailingZeroCount({operand})";
            case IrUnary.ByteSwap:
                if (w <= 8) return Emit(x, exact);
                string swapped = $"System.Buffers.Binary.BinaryPrimitives.ReverseEndianness({Emit(x)})";
                return w == container ? swapped : $"{swapped} >> {Int(container - w)}";
            case IrUnary.Abs: return Masked($"{Helper("Abs", container)}({Signed(x)})", w, exact);
            default: throw new InvalidOperationException($"operator {u.Operator}");
        }
    }

    private string BoolBinary(IrExpr.Binary b)
    {
        string x = Wrap(Emit(b.Left)), y = Wrap(Emit(b.Right));
        bool lazy = IsExpensive(b.Right);
        return b.Operator switch
        {
            IrBinary.Add or IrBinary.Sub or IrBinary.Xor or IrBinary.Ne => $"{x} != {y}",
            IrBinary.Eq => $"{x} == {y}",
            IrBinary.Mul or IrBinary.And => lazy ? $"{x} && {y}" : $"{x} & {y}",
            IrBinary.Or => lazy ? $"{x} || {y}" : $"{x} | {y}",
            IrBinary.ULt => $"!{x} & {y}",
            IrBinary.ULe => $"!{x} | {y}",
            IrBinary.SLt => $"{x} & !{y}",
            IrBinary.SLe => $"{x} | !{y}",
            IrBinary.UDiv or IrBinary.SDiv => $"!{y} | {x}",
            IrBinary.URem or IrBinary.SRem => $"!{y} & {x}",
            IrBinary.Shl or IrBinary.LShr => $"{x} & {Operand(b.Right, Container(b.Right.Width))} == {Number(BigInteger.Zero, Container(b.Right.Width))}",
            IrBinary.AShr or IrBinary.Rotl or IrBinary.Rotr => x,
            _ => throw new InvalidOperationException($"operator {b.Operator}"),
        };
    }

    private string Binary(IrExpr.Binary b, bool exact)
    {
        IrExpr x = b.Left, y = b.Right;
        int w = x.Width, container = Container(w);
        switch (b.Operator)
        {
            case IrBinary.Add:
                // Exact operands whose sum cannot overflow need no mask; else their garbage goes with the carry.
                bool fits = exact && IrSimplifier.Max(x) + IrSimplifier.Max(y) <= IrMath.Mask(w);
                return Masked($"{Operand(x, container, fits)} + {Operand(y, container, fits)}", w, exact && !fits);
            case IrBinary.Sub: return Masked($"{Operand(x, container, false)} - {Operand(y, container, false)}", w, exact);
            case IrBinary.Mul:
                bool small = exact && IrSimplifier.Max(x) * IrSimplifier.Max(y) <= IrMath.Mask(w);
                return Masked($"{Operand(x, container, small)} * {Operand(y, container, small)}", w, exact && !small);
            case IrBinary.And:
                // One exact side is enough.
                if (y is IrExpr.Const) return $"{Operand(x, container, false)} & {Operand(y, container)}";
                return $"{Operand(x, container, exact)} & {Operand(y, container, false)}";
            case IrBinary.Or: return $"{Operand(x, container, exact)} | {Operand(y, container, exact)}";
            case IrBinary.Xor: return $"{Operand(x, container, exact)} ^ {Operand(y, container, exact)}";
            case IrBinary.UDiv or IrBinary.URem: return Divide(b, container);
            case IrBinary.SDiv: return Masked($"({UnsignedType(container)}){Helper("SDiv", container)}({Signed(x)}, {Signed(y)})", w, exact);
            case IrBinary.SRem: return Masked($"({UnsignedType(container)}){Helper("SRem", container)}({Signed(x)}, {Signed(y)})", w, exact);
            case IrBinary.Shl or IrBinary.LShr or IrBinary.AShr: return Shift(b, container, exact);
            case IrBinary.Rotl or IrBinary.Rotr: return Rotate(b, container);
            case IrBinary.Eq: return $"{Operand(x, container)} == {Operand(y, container)}";
            case IrBinary.Ne: return $"{Operand(x, container)} != {Operand(y, container)}";
            case IrBinary.ULt: return $"{Operand(x, container)} < {Operand(y, container)}";
            case IrBinary.ULe: return $"{Operand(x, container)} <= {Operand(y, container)}";
            case IrBinary.SLt: return y is IrExpr.Const { Value.IsZero: true } && w > 1 ? SignBit(x, "!=") : $"{Wrap(Signed(x))} < {Wrap(Signed(y))}";
            case IrBinary.SLe: return x is IrExpr.Const { Value.IsZero: true } && w > 1 ? SignBit(y, "==") : $"{Wrap(Signed(x))} <= {Wrap(Signed(y))}";
            case IrBinary.Concat:
                int result = Container(b.Width);
                return $"{Operand(x, result)} << {Int(y.Width)} | {Operand(y, result)}";
            default: throw new InvalidOperationException($"operator {b.Operator}");
        }
    }

    private string SignBit(IrExpr x, string comparison)
    {
        int container = Container(x.Width);
        return $"({Operand(x, container, false)} & {Number(BigInteger.One << (x.Width - 1), container)}) {comparison} {Number(BigInteger.Zero, container)}";
    }

    private string Divide(IrExpr.Binary b, int container)
    {
        string x = Operand(b.Left, container), y = Operand(b.Right, container);
        bool divide = b.Operator == IrBinary.UDiv;
        if (b.Right is IrExpr.Const { Value.IsZero: true }) return divide ? Number(IrMath.Mask(b.Width), container) : Emit(b.Left);
        if (b.Right is IrExpr.Const) return divide ? $"{x} / {y}" : $"{x} % {y}";
        string quotient = $"{Helper(divide ? "UDiv" : "URem", container)}({Emit(b.Left)}, {Emit(b.Right)})";
        return divide ? Masked(quotient, b.Width, b.Width != container) : quotient;
    }

    private string Shift(IrExpr.Binary b, int container, bool exact)
    {
        IrExpr x = b.Left, count = b.Right;
        int w = x.Width;
        BigInteger max = IrSimplifier.Max(count);
        if (b.Operator == IrBinary.AShr)
        {
            string signed = Wrap(Signed(x));
            string amount = count is IrExpr.Const c ? Int((int)BigInteger.Min(c.Value, container - 1))
                : max < container ? Count(count) : $"{Helper("Clamp", container)}({Emit(count)})";
            return Masked($"({UnsignedType(container)})({signed} >> {amount})", w, exact);
        }
        bool left = b.Operator == IrBinary.Shl;
        string value = Wrap(Emit(x, exact: !left));
        string sign = left ? "<<" : ">>";
        if (max < container) return Masked($"{value} {sign} {Count(count)}", w, exact && left);
        string guarded = $"{Helper(left ? "Shl" : "Shr", container)}({Emit(x, exact: !left)}, {Emit(count)})";
        return Masked(guarded, w, exact && left);
    }

    private string Rotate(IrExpr.Binary b, int container)
    {
        int w = b.Left.Width;
        bool left = b.Operator == IrBinary.Rotl;
        IrExpr count = b.Right;
        if (w is 32 or 64)
        {
            string amount = count.Width == 1 ? $"({Emit(count)} ? 1 : 0)" : count is IrExpr.Const c ? Int((int)(c.Value % w)) : $"(int){Operand(count, Container(count.Width))}";
            return $"BitOperations.Rotate{(left ? "Left" : "Right")}({Emit(b.Left)}, {amount})";
        }
        string reduced = count.Width > 32 ? $"(uint)({Emit(count)} % {Number(w, Container(count.Width))})" : As(count, 32);
        return $"{Helper(left ? "Rotl" : "Rotr", container)}({Emit(b.Left)}, {reduced}, {Int(w)})";
    }

    private string Convert(IrExpr.Convert c, bool exact)
    {
        IrExpr x = c.Operand;
        int container = Container(c.Width);
        switch (c.Kind)
        {
            case IrConversion.Zext: return x.Width == c.Width ? Emit(x, exact) : As(x, container);
            case IrConversion.Trunc: return Slice(new IrExpr.Slice(x, 0, c.Width), exact);
            default:
                if (x.Width == c.Width) return Emit(x, exact);
                if (x.Width == 1) return $"{Wrap(Emit(x))} ? {Number(IrMath.Mask(c.Width), container)} : {Number(BigInteger.Zero, container)}";
                string signed = Signed(x);
                if (container == 128 && Container(x.Width) < 128) signed = Cast("Int128", signed);
                else if (container == 64 && Container(x.Width) == 32) signed = Cast("long", signed);
                return Masked(Cast(UnsignedType(container), signed), c.Width, exact);
        }
    }

    private string Slice(IrExpr.Slice s, bool exact)
    {
        IrExpr x = s.Operand;
        int from = Container(x.Width), to = Container(s.Width);
        if (s.Width == x.Width) return Emit(x, exact);
        if (s.Width == 1)
        {
            return $"({Operand(x, from, false)} & {Number(BigInteger.One << s.Low, from)}) != {Number(BigInteger.Zero, from)}";
        }
        bool top = s.Low + s.Width == x.Width;
        string shifted = s.Low == 0 ? Emit(x, exact: false) : $"{Operand(x, from, exact: top && exact)} >> {Int(s.Low)}";
        string narrowed = from == to ? shifted : Cast(UnsignedType(to), shifted);
        return top && s.Low > 0 ? narrowed : Masked(narrowed, s.Width, exact);
    }

    private string Bit(IrExpr.Bit b)
    {
        int w = b.Operand.Width, container = Container(w);
        if (w == 1) return $"{Wrap(Emit(b.Operand))} && {Operand(b.Position, Container(b.Position.Width))} == {Number(BigInteger.Zero, Container(b.Position.Width))}";
        BigInteger max = IrSimplifier.Max(b.Position);
        string one = Number(BigInteger.One, container), zero = Number(BigInteger.Zero, container);
        if (max < container) return $"({Operand(b.Operand, container, exact: max >= w)} >> {Count(b.Position)} & {one}) != {zero}";
        return $"({Helper("Shr", container)}({Emit(b.Operand)}, {Emit(b.Position)}) & {one}) != {zero}";
    }

    private static string Helper(string name, int container) => $"IsaMath.{name}{Int(container)}";
}
