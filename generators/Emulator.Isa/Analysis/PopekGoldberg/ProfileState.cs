using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>One combination of values of the enumerated resource bits.</summary>
/// <param name="Key">Identity of <paramref name="Values"/>.</param>
/// <param name="Values">Values of the bits the body knows.</param>
/// <param name="Example">Values of all enumerated bits: one of the combinations this one stands for.</param>
/// <param name="Modes">Values of the mode state among the combinations; null where it is not enumerated.</param>
/// <param name="Monitor">The monitor may run in it.</param>
/// <param name="Guest">The guest may run in it.</param>
internal sealed record ProfileState(string Key, ImmutableDictionary<StateAtom, BigInteger> Values, ImmutableDictionary<StateAtom, BigInteger> Example,
    ImmutableHashSet<BigInteger>? Modes, bool Monitor, bool Guest)
{
    /// <summary>Whether two states may be compared: profiles may also name user state, in which compared states must agree.</summary>
    public bool AgreesInUserState(ProfileState other)
    {
        foreach (KeyValuePair<StateAtom, BigInteger> value in Values)
        {
            if (value.Key.Role is null && other.Values[value.Key] != value.Value) return false;
        }
        return true;
    }
}
