using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit.Decoding;

/// <summary>Replaces the locals of an expression by fields of the structure, in which they wait until the length is known.</summary>
internal sealed class LateValues(DecodeShape shape, int position) : IrRewriter
{
    private readonly Dictionary<IrLocal, DecodeVariable> fields = new();

    /// <summary>Every local met, with its field.</summary>
    public IReadOnlyDictionary<IrLocal, DecodeVariable> Fields => fields;

    protected override IrExpr Leave(IrExpr expression)
    {
        if (expression is not IrExpr.Local local) return expression;
        if (!fields.TryGetValue(local.Variable, out DecodeVariable? field))
        {
            fields.Add(local.Variable, field = shape.LateValue(position, fields.Count, local.Width));
        }
        return new IrExpr.Decode(field);
    }
}
