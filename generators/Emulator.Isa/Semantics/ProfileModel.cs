using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>A hosting profile with its inherited clauses; conditions are functions without parameters, result of width 1.</summary>
public sealed record ProfileModel(string Name, ImmutableArray<IrFunction> Monitor, ImmutableArray<IrFunction> Guest, ImmutableArray<IrFunction> Hold,
    ImmutableArray<string> Intercepts)
{
    /// <summary>Whether the hardware hands control to the monitor where a function is called; <see cref="Intercepts"/> names instructions and procedures.</summary>
    public bool Intercept(IrFunction function) => Intercepts.Contains(function.Name);

    /// <summary>States of which the hardware gives the guest its own, switched when the monitor is entered and left: under this profile they are user state.</summary>
    public ImmutableHashSet<StateAtom> Own { get; init; } = ImmutableHashSet<StateAtom>.Empty;

    /// <summary>
    /// Paged memories whose cached translations the hardware keeps for the guest apart. A guest that has one runs on state of its own: its executions are compared with each other,
    /// not with the monitor's, whose instructions name other registers.
    /// </summary>
    public ImmutableArray<MemorySpec> OwnMemories { get; init; } = ImmutableArray<MemorySpec>.Empty;

    /// <summary>Where it is declared.</summary>
    public Diagnostics.SourceSpan Span { get; init; }
}
