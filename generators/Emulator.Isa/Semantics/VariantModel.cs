using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>The unit of execution: a form, its axis values and one alternative per operand; one handler each.</summary>
public sealed class VariantModel(FormCase @case, ImmutableArray<int> alternatives, int index)
{
    public FormCase Case { get; } = @case;

    public FormModel Form => Case.Form;

    /// <summary>Chosen alternative of each operand.</summary>
    public ImmutableArray<int> Alternatives { get; } = alternatives;

    /// <summary>Position among all variants of the ISA.</summary>
    public int Index { get; } = index;

    /// <summary>Gates and body; variants with equal bodies share one function.</summary>
    public IrFunction Body { get; set; } = null!;
}
