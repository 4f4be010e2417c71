using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>States whose old value a function uses, and states it may give a new one; a value passed through a group's function unchanged is neither.</summary>
public sealed class FlagUse
{
    public HashSet<StateAtom> Consumed { get; } = new();

    public HashSet<StateAtom> Produced { get; } = new();

    public int Count => Consumed.Count + Produced.Count;

    public void Add(FlagUse other)
    {
        if (ReferenceEquals(this, other)) return;
        Consumed.UnionWith(other.Consumed);
        Produced.UnionWith(other.Produced);
    }
}
