using System.Collections.Immutable;
using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>
/// A typed expression without effects; <see cref="Width"/> is its width in bits (1 is also bool). Memory accesses, calls that may trap and calls with
/// effects never stand inside expressions: they are statements that set a local.
/// </summary>
public abstract record IrExpr(int Width)
{
    /// <summary>A constant; the value is non-negative and fits.</summary>
    public sealed record Const(BigInteger Value, int Width) : IrExpr(Width);

    /// <summary>A variable or parameter.</summary>
    public sealed record Local(IrLocal Variable) : IrExpr(Variable.Width);

    /// <summary>A state atom, with an index when it is an array.</summary>
    public sealed record State(StateAtom Atom, IrExpr? Index) : IrExpr(Atom.Width);

    /// <summary>A value chosen while decoding; a run-time slot in bodies.</summary>
    public sealed record Decode(DecodeVariable Variable) : IrExpr(Variable.Width);

    /// <summary>The register a decode-time reference denotes, read through its view.</summary>
    public sealed record Ref(DecodeVariable Variable, int Width) : IrExpr(Width);

    /// <summary>Whether a decode-time reference is not <c>none</c> (decode code and texts only).</summary>
    public sealed record HasRef(DecodeVariable Variable) : IrExpr(1);

    /// <summary>A reference to a register (decode code only): element <paramref name="Index"/> of a view; a null view is <c>none</c>.</summary>
    public sealed record MakeRef(StateView? View, IrExpr? Index, int RegisterWidth) : IrExpr(32);

    /// <summary>The next bits of the instruction (decode code only).</summary>
    public sealed record Next(int Width) : IrExpr(Width);

    /// <summary><c>insn.pc</c> and the like.</summary>
    public sealed record Insn(InsnProperty Property, int Width) : IrExpr(Width);

    public sealed record Unary(IrUnary Operator, IrExpr Operand, int Width) : IrExpr(Width);

    public sealed record Binary(IrBinary Operator, IrExpr Left, IrExpr Right, int Width) : IrExpr(Width);

    /// <summary>Zero or sign extension, or truncation to <see cref="IrExpr.Width"/>.</summary>
    public sealed record Convert(IrConversion Kind, IrExpr Operand, int Width) : IrExpr(Width);

    /// <summary>Bits <paramref name="Low"/> .. <paramref name="Low"/> + Width - 1.</summary>
    public sealed record Slice(IrExpr Operand, int Low, int Width) : IrExpr(Width);

    /// <summary>One bit at a dynamic position (0 when out of range).</summary>
    public sealed record Bit(IrExpr Operand, IrExpr Position) : IrExpr(1);

    public sealed record Select(IrExpr Condition, IrExpr WhenTrue, IrExpr WhenFalse) : IrExpr(WhenTrue.Width);

    /// <summary>An element of a constant table; out of range gives 0.</summary>
    public sealed record Table(IrTable Data, IrExpr Index) : IrExpr(Data.Width);

    /// <summary>A call of a pure function with one result.</summary>
    public sealed record Call(IrFunction Function, ImmutableArray<IrExpr> Arguments) : IrExpr(Function.Results[0].Width);
}
