using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Expressions of decode code: <c>i</c> is the instruction being decoded, <c>at</c> the bytes consumed, <c>s</c> the state (initial values only).</summary>
internal sealed class DecodeExpressions(DecodeShape shape, FunctionPool functions, bool readsState) : ExpressionEmitter
{
    protected override string Leaf(IrExpr e) => e switch
    {
        IrExpr.Local l => Local(l.Variable.Name),
        IrExpr.Decode d => $"i->{Member(d.Variable.Name)}",
        IrExpr.HasRef r => $"i->{Member(r.Variable.Name)} != 0",
        IrExpr.MakeRef r => Reference(r),
        IrExpr.Insn n => Property(n),
        IrExpr.Table t => $"{functions.Table(t.Data)}({As(t.Index, Container(t.Index.Width))})",
        IrExpr.Call c => Call(c.Function, c.Arguments),
        IrExpr.State s when readsState => State(s),
        _ => throw new InvalidOperationException($"{e.GetType().Name} in decode code"),
    };

    /// <summary>The text of a call of a function.</summary>
    public string Call(IrFunction function, IEnumerable<IrExpr> arguments)
    {
        IEnumerable<string> texts = arguments.Select(a => Emit(a));
        if (readsState) texts = new[] { "s" }.Concat(texts);
        return $"{functions.Function(function)}({string.Join(", ", texts)})";
    }

    /// <summary>A condition, negated.</summary>
    public string Not(IrExpr condition) => condition switch
    {
        IrExpr.Binary { Operator: IrBinary.Eq } b => Emit(b with { Operator = IrBinary.Ne }),
        IrExpr.Binary { Operator: IrBinary.Ne } b => Emit(b with { Operator = IrBinary.Eq }),
        IrExpr.Unary { Operator: IrUnary.Not } u => Emit(u.Operand),
        _ => "!" + Wrap(Emit(condition)),
    };

    private string Reference(IrExpr.MakeRef r)
    {
        if (r.View is null) return "0u";
        int first = RefCodes.Base(shape.Model, r.View), count = r.View.Elements.Length;
        if (r.Index is IrExpr.Const c) return c.Value < count ? $"{Int(first + (int)c.Value)}u" : "0u";
        string index = Wrap(As(r.Index!, 32));
        // A register that does not exist reads as none.
        return IrSimplifier.Max(r.Index!) < count ? $"{index} + {Int(first)}u" : $"({index} < {Int(count)}u ? {index} + {Int(first)}u : 0u)";
    }

    private string Property(IrExpr.Insn n)
    {
        string text = n.Property switch
        {
            InsnProperty.Pc => "pc",
            InsnProperty.Next => "(pc + (uint)at)",
            InsnProperty.Length => "(ulong)at",
            _ => "i->Bits",
        };
        if (n.Width == 1) return $"({text} & 1ul) != 0";
        int container = Container(n.Width);
        if (container != 64) text = Cast(UnsignedType(container), text);
        return n.Width == container ? text : $"{text} & {Number(IrMath.Mask(n.Width), container)}";
    }

    private string State(IrExpr.State s)
    {
        int offset = shape.Context.Layout.Offset(s.Atom), size = StateLayout.ElementSize(s.Atom);
        string place;
        switch (s.Index)
        {
            case null: place = Int(offset); break;
            case IrExpr.Const c when c.Value < s.Atom.Count && c.Value != s.Atom.HardWiredZero: place = Int(offset + (int)c.Value * size); break;
            case IrExpr.Const: return Literal(BigInteger.Zero, s.Width);
            default: place = $"{Int(offset)} + {Operand(s.Index, 32)} * {Int(size)}"; break;
        }
        string read = $"*({StorageType(s.Width)}*)((byte*)s + {place})";
        return s.Width == 1 ? $"{read} != 0" : s.Width <= 16 ? $"(uint){read}" : read;
    }
}
