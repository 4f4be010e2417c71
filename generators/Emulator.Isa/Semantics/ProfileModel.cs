using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>A hosting profile with its inherited clauses; conditions are functions without parameters, result of width 1.</summary>
public sealed record ProfileModel(string Name, ImmutableArray<IrFunction> Monitor, ImmutableArray<IrFunction> Guest, ImmutableArray<IrFunction> Hold,
    ImmutableArray<string> Intercepts)
{
    /// <summary>Where it is declared.</summary>
    public Diagnostics.SourceSpan Span { get; init; }
}
