using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// The states of a hosting profile as a body sees them: every combination of values of the finite resource bits that matter to it, and which of them belong to the monitor
/// and which to the guest.
/// </summary>
internal sealed class ProfileStates
{
    private const int MaxBits = 12;

    private ProfileStates(ImmutableArray<StateAtom> atoms, ImmutableArray<ProfileState> states, ImmutableArray<IrFunction> assumptions, ImmutableArray<MemorySpec> own)
    {
        Atoms = atoms;
        States = states;
        Assumptions = assumptions;
        OwnMemories = own;
    }

    /// <summary>The enumerated state, in declaration order.</summary>
    public ImmutableArray<StateAtom> Atoms { get; }

    public ImmutableArray<ProfileState> States { get; }

    /// <summary>The enumerated state that has more than one value.</summary>
    public ImmutableArray<StateAtom> Varying => States.Length == 0 ? ImmutableArray<StateAtom>.Empty
        : States[0].Example.Keys.Where(a => States.SelectMany(s => new[] { s.MonitorExample, s.GuestExample }).Any(e => e is not null && e[a] != States[0].Example[a])).OrderBy(a => a.Index).ToImmutableArray();

    /// <summary>A difference found under another profile with the same states, in terms of this one's.</summary>
    public Difference? Rebase(Difference? difference)
    {
        if (difference is null) return null;
        ProfileState guest = States.First(s => s.Key == difference.GuestKey);
        ProfileState reference = States.First(s => s.Key == difference.ReferenceKey);
        // What does not matter to the body is as in the guest where it can be.
        return difference with { Guest = guest.GuestExample!, Reference = ReferenceEquals(guest, reference) ? guest.GuestExample! : reference.Example, Varying = Varying };
    }

    /// <summary>What the profile holds of state that is not enumerated.</summary>
    public ImmutableArray<IrFunction> Assumptions { get; }

    /// <summary>Memories whose cached translations are the guest's own; where there are any, the guest is compared with itself only.</summary>
    public ImmutableArray<MemorySpec> OwnMemories { get; }

    /// <summary>A key that is equal where another body or profile has the same states.</summary>
    public string Key => string.Join(";", States.Select(s => s.Key)) + "|" + string.Join(";", Assumptions.Select(a => a.Name)) + "|" + string.Join(";", OwnMemories.Select(m => m.Name));

    /// <summary>The states of a profile for a body; bodies that use the same state share them.</summary>
    public static ProfileStates Of(ProfileModel profile, FlowFacts flow, FlowSets sets, Dictionary<string, ProfileStates> cache)
    {
        var used = new HashSet<StateAtom>(sets.Reads);
        used.UnionWith(sets.Writes);
        used.RemoveWhere(a => !flow.IsResource(a) && !profile.Monitor.Concat(profile.Guest).Concat(profile.Hold).Any(c => flow.Of(c).Reads.Contains(a)));
        string key = string.Join(",", used.Select(a => a.Index).OrderBy(i => i));
        if (!cache.TryGetValue(key, out ProfileStates? states)) cache.Add(key, states = Of(profile, flow, used));
        return states;
    }

    /// <summary>The states of a profile for a body.</summary>
    /// <param name="used">State the body reads or writes.</param>
    private static ProfileStates Of(ProfileModel profile, FlowFacts flow, HashSet<StateAtom> used)
    {
        var conditions = profile.Monitor.Concat(profile.Guest).Concat(profile.Hold).ToList();
        var conditionAtoms = conditions.SelectMany(c => flow.Of(c).Reads).Distinct().ToList();
        var finite = conditionAtoms.Where(a => !a.IsArray && a.Width <= 4).ToList();
        // What is held at one value is known to have it; other conditions on state too wide to be enumerated are assumed.
        var constants = profile.Hold.Select(HeldConstant.Of).OfType<HeldConstant>().Where(c => c.Atom.Width > 4).GroupBy(c => c.Atom).ToDictionary(g => g.Key, g => g.First().Value);
        ImmutableArray<IrFunction> assumptions = profile.Hold.Where(h => !(HeldConstant.Of(h) is { } held && constants.ContainsKey(held.Atom)) && flow.Of(h).Reads.Any(a => a.IsArray || a.Width > 4) && flow.Of(h).Reads.Any(used.Contains)).ToImmutableArray();

        // Mode bits the profile leaves open, as many as can be enumerated; the rest stays unknown.
        int bits = finite.Sum(a => a.Width);
        var enumerated = new List<StateAtom>(finite);
        foreach (StateAtom atom in used.Where(a => flow.RoleOf(a) == ResourceRoles.Mode && !a.IsArray && a.Width <= 4 && !finite.Contains(a)).OrderBy(a => a.Width).ThenBy(a => a.Index))
        {
            if (bits + atom.Width > MaxBits) break;
            enumerated.Add(atom);
            bits += atom.Width;
        }
        enumerated.Sort((a, b) => a.Index.CompareTo(b.Index));
        List<StateAtom> visible = enumerated.Where(used.Contains).ToList();

        var layout = new ProfileStateLayout(visible.ToImmutableArray(), flow);
        visible.AddRange(constants.Keys.Where(used.Contains).OrderBy(a => a.Index));
        var found = new Dictionary<string, ProfileState>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (Dictionary<StateAtom, BigInteger> values in Combinations(enumerated))
        {
            foreach (KeyValuePair<StateAtom, BigInteger> constant in constants) values.Add(constant.Key, constant.Value);
            if (!All(profile.Hold, values, flow)) continue;
            bool monitor = All(profile.Monitor, values, flow);
            bool guest = All(profile.Guest, values, flow);
            if (!monitor && !guest) continue;
            string key = string.Join(",", visible.Select(a => a.Index + "=" + values[a]));
            BigInteger? mode = flow.Model.ModeAtom is { } atom && values.TryGetValue(atom, out BigInteger value) ? value : null;
            if (found.TryGetValue(key, out ProfileState? state))
            {
                found[key] = state with { MonitorExample = state.MonitorExample ?? (monitor ? values.ToImmutableDictionary() : null), GuestExample = state.GuestExample ?? (guest ? values.ToImmutableDictionary() : null), Modes = mode is { } m ? state.Modes?.Add(m) : null };
            }
            else
            {
                found.Add(key, new ProfileState(key, visible.ToImmutableDictionary(a => a, a => values[a]), monitor ? values.ToImmutableDictionary() : null, guest ? values.ToImmutableDictionary() : null, mode is { } first ? ImmutableHashSet.Create(first) : null) { Bits = layout.Pack(values), Layout = layout });
                order.Add(key);
            }
        }
        return new ProfileStates(visible.ToImmutableArray(), order.Select(k => found[k]).ToImmutableArray(), assumptions, profile.OwnMemories);
    }

    /// <summary>Whether no condition is known to fail: what stays unknown is possible.</summary>
    private static bool All(ImmutableArray<IrFunction> conditions, Dictionary<StateAtom, BigInteger> values, FlowFacts flow) =>
        conditions.All(c => SymbolicExecutor.Evaluate(c, flow, values) != false);

    private static IEnumerable<Dictionary<StateAtom, BigInteger>> Combinations(List<StateAtom> atoms)
    {
        var values = new BigInteger[atoms.Count];
        while (true)
        {
            var result = new Dictionary<StateAtom, BigInteger>();
            for (int i = 0; i < values.Length; i++) result.Add(atoms[i], values[i]);
            yield return result;
            int position = 0;
            while (position < values.Length && ++values[position] >> atoms[position].Width != 0) values[position++] = BigInteger.Zero;
            if (position == values.Length) yield break;
        }
    }
}
