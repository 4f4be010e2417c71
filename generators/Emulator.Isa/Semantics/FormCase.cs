using System.Collections.Immutable;
using System.Numerics;

namespace Emulator.Isa.Semantics;

/// <summary>A form under one combination of axis values: its operands are concrete.</summary>
public sealed class FormCase(FormModel form, ImmutableArray<BigInteger> axisValues)
{
    public FormModel Form { get; } = form;

    /// <summary>Value of each of the form's axes.</summary>
    public ImmutableArray<BigInteger> AxisValues { get; } = axisValues;

    public ImmutableArray<OperandModel> Operands { get; set; } = ImmutableArray<OperandModel>.Empty;

    /// <summary>The whole assembly text.</summary>
    public TextNode Text { get; set; } = new TextNode.Literal("");

    /// <summary>Its other texts, in the order in which the disassembler tries them.</summary>
    public ImmutableArray<AliasModel> Aliases { get; set; } = ImmutableArray<AliasModel>.Empty;

    /// <summary>One per combination of operand alternatives, first operand outermost.</summary>
    public List<VariantModel> Variants { get; } = new();
}
