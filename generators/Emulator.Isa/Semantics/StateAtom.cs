using System.Numerics;
using Emulator.Isa.Diagnostics;

namespace Emulator.Isa.Semantics;

/// <summary>The unit of storage and of every analysis: a scalar state, one bit field, one record field, each possibly an array.</summary>
public sealed class StateAtom(string name, int width, int count, SourceSpan span)
{
    /// <summary>Full name: <c>EFLAGS.CF</c>, <c>SEG.attr.DPL</c>, <c>GPR</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The name as a C# identifier: dots become underscores.</summary>
    public string Identifier { get; } = name.Replace('.', '_');

    public int Width { get; } = width;

    /// <summary>Number of elements; 0 for a scalar.</summary>
    public int Count { get; } = count;

    public bool IsArray => Count > 0;

    public SourceSpan Span { get; } = span;

    /// <summary>Position in declaration order.</summary>
    public int Index { get; set; }

    public BigInteger Reset { get; set; }

    /// <summary>mode, relocation, interrupt, timer, io, identity; null for user state.</summary>
    public string? Role { get; set; }

    public bool IsPc { get; set; }

    public bool Hidden { get; set; }

    /// <summary>Survives the roll-back of a trap.</summary>
    public bool Keep { get; set; }

    /// <summary>Index of an element that reads zero and ignores writes; -1 for none.</summary>
    public int HardWiredZero { get; set; } = -1;

    /// <summary>Bit position in <see cref="Whole"/>; meaningful for bit fields.</summary>
    public int BitLow { get; set; }

    /// <summary>The state (or record field) this is a bit field of.</summary>
    public WholeState? Whole { get; set; }

    public DeferredGroup? Group { get; set; }

    public int GroupIndex { get; set; }

    /// <summary>Recomputes a derived atom: parameters: the index for arrays; one result.</summary>
    public IrFunction? Derived { get; set; }

    /// <summary>Derived atoms to recompute after a write, in order; null when the atom is a sibling at the same index.</summary>
    public List<StateAtom> Dependents { get; } = new();

    /// <summary>Runs after a write; parameters: the index for arrays.</summary>
    public IrFunction? OnWrite { get; set; }

    /// <summary>Read by decoding or by the code-address function: a write ends the block and marks the decode context stale.</summary>
    public bool InDecodeContext { get; set; }

    public override string ToString() => Name;
}
