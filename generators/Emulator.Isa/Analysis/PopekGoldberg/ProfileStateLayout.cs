using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>How the values of enumerated states are put into one number, so that states are compared at once.</summary>
internal sealed class ProfileStateLayout
{
    public static readonly ProfileStateLayout Empty = new(ImmutableArray<StateAtom>.Empty, null);

    private readonly (StateAtom Atom, int Low)[] places;
    private readonly (ulong Mask, ResourceRoles Role)[] roles;

    /// <param name="atoms">The enumerated states; together they have few bits, or they could not be enumerated.</param>
    public ProfileStateLayout(ImmutableArray<StateAtom> atoms, FlowFacts? flow)
    {
        int low = 0;
        places = atoms.Select(a =>
        {
            low += a.Width;
            return (a, low - a.Width);
        }).ToArray();
        roles = places.GroupBy(p => flow!.RoleOf(p.Atom)).Select(g => (g.Aggregate(0UL, (mask, p) => mask | ((1UL << p.Atom.Width) - 1) << p.Low), g.Key)).ToArray();
        User = roles.Where(r => r.Role == ResourceRoles.None).Aggregate(0UL, (mask, r) => mask | r.Mask);
    }

    /// <summary>The bits that are user state.</summary>
    public ulong User { get; }

    public ulong Pack(IReadOnlyDictionary<StateAtom, BigInteger> values) => places.Aggregate(0UL, (bits, p) => bits | (ulong)values[p.Atom] << p.Low);

    /// <summary>Roles of the states that some of the given bits belong to.</summary>
    public ResourceRoles Roles(ulong bits)
    {
        ResourceRoles result = ResourceRoles.None;
        foreach ((ulong mask, ResourceRoles role) in roles)
        {
            if ((bits & mask) != 0) result |= role;
        }
        return result;
    }
}
