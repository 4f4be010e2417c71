using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>One combination of values of the enumerated resource bits.</summary>
/// <param name="Key">Identity of <paramref name="Values"/>.</param>
/// <param name="Values">Values of the bits the body knows.</param>
/// <param name="MonitorExample">Values of all enumerated bits in one of the monitor's combinations, if it has any.</param>
/// <param name="GuestExample">The same for the guest.</param>
/// <param name="Modes">Values of the mode state among the combinations; null where it is not enumerated.</param>
internal sealed record ProfileState(string Key, ImmutableDictionary<StateAtom, BigInteger> Values, ImmutableDictionary<StateAtom, BigInteger>? MonitorExample,
    ImmutableDictionary<StateAtom, BigInteger>? GuestExample, ImmutableHashSet<BigInteger>? Modes)
{
    /// <summary>The monitor may run in it.</summary>
    public bool Monitor => MonitorExample is not null;

    /// <summary>The guest may run in it.</summary>
    public bool Guest => GuestExample is not null;

    public ImmutableDictionary<StateAtom, BigInteger> Example => MonitorExample ?? GuestExample!;

    /// <summary>The values side by side in one number, as <see cref="ProfileStateLayout"/> says.</summary>
    public ulong Bits { get; init; }

    /// <summary>Where the values stand in <see cref="Bits"/>.</summary>
    public ProfileStateLayout Layout { get; init; } = ProfileStateLayout.Empty;

    /// <summary>Whether two states may be compared: profiles may also name user state, in which compared states must agree.</summary>
    public bool AgreesInUserState(ProfileState other) => ((Bits ^ other.Bits) & Layout.User) == 0;

    /// <summary>Roles of the resource bits in which two states of a body differ.</summary>
    public ResourceRoles Differing(ProfileState other) => Layout.Roles(Bits ^ other.Bits);
}
