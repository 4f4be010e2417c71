using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What a condition <c>state == constant</c> of a profile says.</summary>
/// <param name="Atom">The state, which is no array.</param>
/// <param name="Value">Its value.</param>
internal sealed record HeldConstant(StateAtom Atom, BigInteger Value)
{
    /// <summary>What a condition says; null where it is of another shape.</summary>
    public static HeldConstant? Of(IrFunction condition)
    {
        IrStmt statement = condition.Body;
        while (statement is IrStmt.Block { Statements: { Length: 1 } inner }) statement = inner[0];
        if (statement is not IrStmt.Return { Values: { Length: 1 } values } || values[0] is not IrExpr.Binary { Operator: IrBinary.Eq } equality) return null;
        return (equality.Left, equality.Right) switch
        {
            (IrExpr.State { Index: null } state, IrExpr.Const constant) => new HeldConstant(state.Atom, constant.Value),
            (IrExpr.Const constant, IrExpr.State { Index: null } state) => new HeldConstant(state.Atom, constant.Value),
            _ => null
        };
    }
}
