using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What a function does outside the relocation map, with everything it calls.</summary>
internal sealed class FlowSets
{
    public HashSet<StateAtom> Reads { get; } = new();

    public HashSet<StateAtom> Writes { get; } = new();

    public HashSet<MemorySpec> Loads { get; } = new();

    public HashSet<MemorySpec> Stores { get; } = new();

    public HashSet<IrFunction> Externs { get; } = new();

    public HashSet<TrapSpec> Traps { get; } = new();

    public HashSet<DecodeVariable> Decodes { get; } = new();

    public bool Flushes { get; set; }

    /// <summary>Part of the relocation map is called directly.</summary>
    public bool Maps { get; set; }

    public int Count => Reads.Count + Writes.Count + Loads.Count + Stores.Count + Externs.Count + Traps.Count + Decodes.Count + (Flushes ? 1 : 0) + (Maps ? 1 : 0);

    /// <summary>Computes from its arguments and nothing else.</summary>
    public bool IsPure => Count == 0;

    public void Add(FlowSets other)
    {
        if (ReferenceEquals(this, other)) return;
        Reads.UnionWith(other.Reads);
        Writes.UnionWith(other.Writes);
        Loads.UnionWith(other.Loads);
        Stores.UnionWith(other.Stores);
        Externs.UnionWith(other.Externs);
        Traps.UnionWith(other.Traps);
        Decodes.UnionWith(other.Decodes);
        Flushes |= other.Flushes;
        Maps |= other.Maps;
    }
}
