using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>A function, procedure, hook or instruction body after binding; width-generic ones exist once per set of widths.</summary>
public sealed class IrFunction(string name, ImmutableArray<IrLocal> parameters, ImmutableArray<(string Name, int Width)> results, SourceSpan span)
{
    /// <summary>Unique, a valid C# identifier: <c>push_32</c>.</summary>
    public string Name { get; } = name;

    public ImmutableArray<IrLocal> Parameters { get; } = parameters;

    /// <summary>None for a procedure; several for a tuple.</summary>
    public ImmutableArray<(string Name, int Width)> Results { get; } = results;

    public SourceSpan Span { get; } = span;

    /// <summary>The body it was bound with; set when binding is complete. Where a function may have been revised, <see cref="IsaModel.BodyOf"/> tells its body.</summary>
    public IrStmt.Block Body { get; set; } = IrStmt.Block.Empty;

    /// <summary>Set for an extern: implemented by the machine, no body.</summary>
    public ExternSpec? Extern { get; set; }

    /// <summary>Set for an <c>undefined</c> declaration: the manual's reference.</summary>
    public string? UndefinedReference { get; set; }

    /// <summary>Called by an address map (<c>space ... at M[f(...)]</c>): part of the relocation map.</summary>
    public bool IsAddressMap { get; set; }

    public override string ToString() => Name;
}
