using System.Collections.Immutable;
using Emulator.Isa.Semantics;
using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>An operand of the variant being bound.</summary>
internal sealed class OperandUse(OperandModel model, AlternativeModel alternative, Expr syntax, Dictionary<string, int> widths)
{
    public OperandModel Model { get; } = model;

    public AlternativeModel Alternative { get; } = alternative;

    /// <summary>The alternative's expression, for a memory operand.</summary>
    public Expr Syntax { get; } = syntax;

    /// <summary>Width parameters of its production.</summary>
    public Dictionary<string, int> Widths { get; } = widths;

    /// <summary>The value read first, reused by later reads.</summary>
    public IrLocal? Cached { get; set; }

    /// <summary>Set when the form reads and writes this memory operand.</summary>
    public IrAccess? Access { get; set; }
}
