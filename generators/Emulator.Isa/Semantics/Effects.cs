using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>What a function or body may do, including everything it calls.</summary>
public sealed record Effects
{
    public static readonly Effects None = new();

    public ImmutableHashSet<StateAtom> Reads { get; init; } = ImmutableHashSet<StateAtom>.Empty;

    public ImmutableHashSet<StateAtom> Writes { get; init; } = ImmutableHashSet<StateAtom>.Empty;

    public ImmutableHashSet<MemorySpec> Loads { get; init; } = ImmutableHashSet<MemorySpec>.Empty;

    public ImmutableHashSet<MemorySpec> Stores { get; init; } = ImmutableHashSet<MemorySpec>.Empty;

    /// <summary>Traps that may be raised, translation included.</summary>
    public ImmutableHashSet<TrapSpec> Traps { get; init; } = ImmutableHashSet<TrapSpec>.Empty;

    public ImmutableHashSet<ExternSpec> Externs { get; init; } = ImmutableHashSet<ExternSpec>.Empty;

    public ImmutableHashSet<MemorySpec> Flushes { get; init; } = ImmutableHashSet<MemorySpec>.Empty;

    /// <summary>Has commit points.</summary>
    public bool Commits { get; init; }

    /// <summary>Reads or writes a register through a decode-time reference (which one, decoding decides).</summary>
    public bool ReadsRefs { get; init; }

    public bool WritesRefs { get; init; }

    public bool MayTrap => !Traps.IsEmpty;

    /// <summary>Neither reads nor changes anything but its arguments.</summary>
    public bool IsPure => Reads.IsEmpty && HasNoEffect && Loads.IsEmpty && Externs.IsEmpty && !ReadsRefs;

    /// <summary>Changes nothing and raises nothing.</summary>
    public bool HasNoEffect => Writes.IsEmpty && Stores.IsEmpty && Traps.IsEmpty && Flushes.IsEmpty && !Commits && !WritesRefs && Externs.IsEmpty;
}
