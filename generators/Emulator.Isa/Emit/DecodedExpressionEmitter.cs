using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>Expressions over the fields of a decoded instruction.</summary>
/// <param name="instruction">What the decoded instruction is called.</param>
internal sealed class DecodedExpressionEmitter(string instruction) : ExpressionEmitter
{
    /// <summary>Inlines calls, simplifies, and emits.</summary>
    public string Of(IrExpr e) => Emit(Prepare(e));

    /// <summary>The same as a condition.</summary>
    public static IrExpr Prepare(IrExpr e) => IrSimplifier.Simplify(PureInliner.Inline(e) ?? e);

    protected override string Leaf(IrExpr e) => e switch
    {
        IrExpr.Decode d => $"{instruction}.{CSharpNames.Member(d.Variable.Name)}",
        IrExpr.HasRef r => $"{instruction}.{CSharpNames.Member(r.Variable.Name)} != 0",
        IrExpr.Insn { Property: InsnProperty.Pc } i => Cut($"{instruction}.Pc", i.Width),
        IrExpr.Insn { Property: InsnProperty.Next } i => Cut($"({instruction}.Pc + {instruction}.Length)", i.Width),
        IrExpr.Insn { Property: InsnProperty.Length } i => CSharpNames.Cast(CSharpNames.TypeOf(i.Width), $"{instruction}.Length"),
        IrExpr.Insn { Property: InsnProperty.Bits } i => Cut($"{instruction}.Bits", i.Width),
        IrExpr.Table t => $"Table_{t.Data.Name}({Emit(t.Index)})",
        _ => throw new InvalidOperationException($"a text cannot contain {e.GetType().Name}"),
    };

    private static string Cut(string text, int width) => width switch
    {
        64 => text,
        > 64 => $"(UInt128){text}",
        32 => $"(uint){text}",
        _ => $"({CSharpNames.TypeOf(width)})({text} & {CSharpNames.Number(IrMath.Mask(width), 64)})",
    };
}
