namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What a <see cref="Term"/> is.</summary>
internal enum TermKind
{
    Const,

    /// <summary>An unknown input: a state at the start, a decode variable, the address of the instruction.</summary>
    Symbol,
    Unary,
    Binary,
    Convert,
    Slice,

    /// <summary>A selection between two values.</summary>
    Ite,

    /// <summary>A deterministic function of its arguments about which nothing else is assumed.</summary>
    Opaque,

    /// <summary>An element of an array of registers.</summary>
    Select,

    /// <summary>An array after a write to an element.</summary>
    StoreElement,

    /// <summary>A value read from a memory.</summary>
    Load,

    /// <summary>A memory after a write.</summary>
    StoreMemory,

    /// <summary>A result of the relocation map.</summary>
    Map,
}
