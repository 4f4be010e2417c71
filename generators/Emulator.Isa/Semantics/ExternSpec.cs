using System.Collections.Immutable;

namespace Emulator.Isa.Semantics;

/// <summary>The declared effects of an extern: resource roles read and written, traps raised.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reads">Resource roles read.</param>
/// <param name="Writes">Resource roles written.</param>
/// <param name="Raises">Traps raised.</param>
/// <param name="Declared">Whether the spec says anything of effects.</param>
/// <param name="Method">Of a pure extern the static method that computes it: the first result is returned, further ones are out parameters.</param>
public sealed record ExternSpec(string Name, ImmutableArray<string> Reads, ImmutableArray<string> Writes, ImmutableArray<TrapSpec> Raises, bool Declared, string? Method)
{
    /// <summary>Whether it is a function of its arguments and does nothing else.</summary>
    public bool IsPure => Method is not null;
}
