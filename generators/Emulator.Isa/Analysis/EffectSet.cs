using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary><see cref="Effects"/> while they are collected.</summary>
internal sealed class EffectSet
{
    public readonly HashSet<StateAtom> Reads = new();
    public readonly HashSet<StateAtom> Writes = new();
    public readonly HashSet<MemorySpec> Loads = new();
    public readonly HashSet<MemorySpec> Stores = new();
    public readonly HashSet<TrapSpec> Traps = new();
    public readonly HashSet<ExternSpec> Externs = new();
    public readonly HashSet<MemorySpec> Flushes = new();
    public bool Commits;
    public bool ReadsRefs;
    public bool WritesRefs;

    public int Count => Reads.Count + Writes.Count + Loads.Count + Stores.Count + Traps.Count + Externs.Count + Flushes.Count
        + (Commits ? 1 : 0) + (ReadsRefs ? 1 : 0) + (WritesRefs ? 1 : 0);

    public void Add(EffectSet other)
    {
        if (ReferenceEquals(this, other)) return;
        Reads.UnionWith(other.Reads);
        Writes.UnionWith(other.Writes);
        Loads.UnionWith(other.Loads);
        Stores.UnionWith(other.Stores);
        Traps.UnionWith(other.Traps);
        Externs.UnionWith(other.Externs);
        Flushes.UnionWith(other.Flushes);
        Commits |= other.Commits;
        ReadsRefs |= other.ReadsRefs;
        WritesRefs |= other.WritesRefs;
    }

    /// <summary>Whether <see cref="ToEffects"/> would say the same.</summary>
    public bool SameAs(Effects effects) => Same(Reads, effects.Reads) && Same(Writes, effects.Writes) && Same(Loads, effects.Loads) && Same(Stores, effects.Stores) && Same(Traps, effects.Traps)
        && Same(Externs, effects.Externs) && Same(Flushes, effects.Flushes) && Commits == effects.Commits && ReadsRefs == effects.ReadsRefs && WritesRefs == effects.WritesRefs;

    private static bool Same<T>(HashSet<T> set, ImmutableHashSet<T> other) => set.Count == other.Count && other.All(set.Contains);

    public Effects ToEffects() => new()
    {
        Reads = Reads.ToImmutableHashSet(),
        Writes = Writes.ToImmutableHashSet(),
        Loads = Loads.ToImmutableHashSet(),
        Stores = Stores.ToImmutableHashSet(),
        Traps = Traps.ToImmutableHashSet(),
        Externs = Externs.ToImmutableHashSet(),
        Flushes = Flushes.ToImmutableHashSet(),
        Commits = Commits,
        ReadsRefs = ReadsRefs,
        WritesRefs = WritesRefs,
    };
}
