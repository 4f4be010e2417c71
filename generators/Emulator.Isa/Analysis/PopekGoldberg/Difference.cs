using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Why a form is critical: two states that agree in all user state, the second one the guest's, whose executions differ although the guest's does not trap.</summary>
/// <param name="Kind">How they differ.</param>
/// <param name="Roles">Roles of the resource state concerned.</param>
/// <param name="Reference">Resource bits of the state compared with: what the guest believes it runs in.</param>
/// <param name="Guest">Resource bits the guest really runs in.</param>
/// <param name="Varying">The resource bits that tell states of the profile apart: those worth showing.</param>
/// <param name="Body">The body that shows it.</param>
/// <param name="Note">The effect in question, with its conditions; null where no single effect is to blame.</param>
public sealed record Difference(DifferenceKind Kind, ResourceRoles Roles, ImmutableDictionary<StateAtom, BigInteger> Reference, ImmutableDictionary<StateAtom, BigInteger> Guest,
    ImmutableArray<StateAtom> Varying, IrFunction Body, EffectNote? Note)
{
    /// <summary>The body accesses physical storage past the relocation map.</summary>
    public bool Bypasses { get; init; }

    /// <summary>
    /// The form shows it only with data for which the guest's execution ends in a memory trap. That is no trap in the sense of the definitions, so the form is critical all the same.
    /// </summary>
    public bool GuestMemoryTraps { get; init; }

    /// <summary>Not a difference: what is searched for is a state in which the body completes.</summary>
    internal bool Completion { get; init; }

    /// <summary>Identities of the two states among those of the body.</summary>
    internal string ReferenceKey { get; init; } = "";

    internal string GuestKey { get; init; } = "";
}
