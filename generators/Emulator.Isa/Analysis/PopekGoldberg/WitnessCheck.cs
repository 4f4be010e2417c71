using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Runs both executions of a candidate and tells whether they show what a witness must show, or how near they come.</summary>
/// <param name="oneMap">The map must make the same of equal addresses in both executions: a difference that only comes from another map in another mode does not count.</param>
internal sealed class WitnessCheck(IsaModel model, IrInterpreter interpreter, bool oneMap = false)
{
    /// <summary>Score of a witness.</summary>
    public const int Shown = int.MaxValue;

    private const int Good = 10_000;
    private readonly List<(StateAtom Atom, int Index)> atoms = new();
    private readonly List<(MemorySpec Bus, BigInteger Address)> bytes = new();
    private readonly HashSet<(StateAtom Atom, int Index)> mapAtoms = new();
    private readonly HashSet<(MemorySpec Bus, BigInteger Address)> mappedBytes = new();
    private readonly Dictionary<(object Map, BigInteger Arguments), BigInteger> mapResults = new();
    private bool sameMap;
    private ImmutableHashSet<StateAtom> own = ImmutableHashSet<StateAtom>.Empty;

    /// <summary>How near a candidate is to a witness.</summary>
    /// <param name="deep">Getting far counts for more than getting to the end: for instructions that may end without doing anything.</param>
    public int Score(WitnessCandidate candidate, ProfileModel profile, Difference difference, bool deep = false)
    {
        atoms.Clear();
        bytes.Clear();
        mapAtoms.Clear();
        mappedBytes.Clear();
        mapResults.Clear();
        sameMap = true;
        (own, interpreter.Profile) = (profile.Own, profile);
        if (difference.Completion)
        {
            if (!InProfile(candidate.Guest, profile, guestOnly: false)) return -1;
            ExecutionResult alone = Run(candidate, candidate.Guest).Result;
            return alone.Completed && DecodesAsSaid(candidate) ? Shown : alone.Exhausted ? 0 : alone.Progress;
        }
        if (!InProfile(candidate.Guest, profile, guestOnly: true) || !InProfile(candidate.Reference, profile, guestOnly: false)) return -1;
        WitnessRun reference = Run(candidate, candidate.Reference);
        WitnessRun guest = Run(candidate, candidate.Guest);
        if (!SameStorage(candidate)) return -1;
        if (guest.Result.Exhausted || reference.Result.Exhausted) return 0;
        bool late = difference.Kind == DifferenceKind.LateTrap;
        bool guestDone = guest.Result.Completed || Lasting(candidate.Guest, guest) || (late && guest.Result is { Trap: not null, InMap: false } && !SameMemory(candidate.Guest, guest.Final));
        int score = guestDone ? Good : guest.Result.Progress;
        if (guest.Result.InMap) guestDone = false;
        if (difference.GuestMemoryTraps && guest.Result.InMap && reference.Result.Completed && AccessesStorage() && DecodesAsSaid(candidate)) return Shown;
        bool referenceDone = reference.Result.Completed || reference.Result is { Trap: not null, InMap: false };
        score += reference.Result.Completed ? Good : difference.Kind == DifferenceKind.MissingTrap && referenceDone ? 2 * Good : reference.Result.Progress;
        if (!guestDone || !referenceDone) return deep ? guest.Result.Progress + reference.Result.Progress : score;
        if (Differ(candidate, reference, guest, late) && DecodesAsSaid(candidate)) return Shown;
        return deep ? guest.Result.Progress + reference.Result.Progress : score;
    }

    /// <summary>What the last scoring looked at.</summary>
    public List<WitnessPlace> Places(Difference difference)
    {
        var places = new List<WitnessPlace>();
        foreach ((StateAtom atom, int index) in Enumerable.Reverse(atoms).Distinct().Reverse())
            places.Add(new WitnessPlace(atom, index, null, default, IsResource(atom) && MayDiffer(difference)));
        foreach ((MemorySpec bus, BigInteger address) in Enumerable.Reverse(bytes).Distinct().Reverse())
            places.Add(new WitnessPlace(null, 0, bus, address, MayDiffer(difference) && IsResource(bus, difference)));
        return places;
    }

    /// <summary>Elements of states that the last scoring's executions read to map addresses, and in which its states differ though they must not.</summary>
    public IEnumerable<(StateAtom Atom, int Index)> MapDifferences(WitnessCandidate candidate) =>
        mapAtoms.Where(a => IsResource(a.Atom) && a.Atom.Role != "mode" && candidate.Reference[a.Atom, a.Index] != candidate.Guest[a.Atom, a.Index]);

    /// <summary>Whether the last scoring compared executions that saw the same storage.</summary>
    public bool ComparesSameStorage(WitnessCandidate candidate) => SameStorage(candidate);

    public Witness Witness(WitnessCandidate candidate, FormModel form, ProfileModel profile) =>
        new(form, profile, candidate.Instruction, candidate.Reference, candidate.Guest, Run(candidate, candidate.Reference), Run(candidate, candidate.Guest));

    /// <summary>Whether the guest's decoder takes the bytes for the instruction: the state may have changed since they were chosen.</summary>
    private bool DecodesAsSaid(WitnessCandidate candidate)
    {
        DecodedInstruction said = candidate.Instruction;
        DecodedInstruction? now = FormDecoder.Decode(model, interpreter, said.Variant.Form, said.Bytes.ToArray(), said.Pc, candidate.Guest);
        return now is not null && ReferenceEquals(now.Variant, said.Variant) && now.Length == said.Length;
    }

    /// <summary>Whether a state is a resource under the profile of the last scoring.</summary>
    private bool IsResource(StateAtom atom) => atom.Role is not null && !own.Contains(atom);

    private static bool MayDiffer(Difference difference) => difference.Kind is DifferenceKind.ResultShowsResource or DifferenceKind.MissingTrap or DifferenceKind.ResultDiffers;

    /// <summary>Devices are resources; so is what lies at a physical address, for an access that does not go through the map.</summary>
    private bool IsResource(MemorySpec bus, Difference difference)
    {
        bool storage = ReferenceEquals(bus, model.Decode.FetchMemory.Over ?? model.Decode.FetchMemory) || model.Memories.Any(m => ReferenceEquals(m.Over, bus));
        return storage ? difference.Bypasses : (difference.Roles & ResourceRoles.Io) != 0;
    }

    private bool InProfile(ConcreteState state, ProfileModel profile, bool guestOnly)
    {
        if (!profile.Hold.All(h => interpreter.Holds(h, state))) return false;
        return profile.Guest.All(g => interpreter.Holds(g, state)) || (!guestOnly && profile.Monitor.All(m => interpreter.Holds(m, state)));
    }

    private WitnessRun Run(WitnessCandidate candidate, ConcreteState start)
    {
        ConcreteState state = start.Clone();
        ExecutionResult result = interpreter.Execute(candidate.Instruction, state);
        atoms.AddRange(interpreter.AtomsTouched);
        bytes.AddRange(interpreter.BytesTouched);
        mapAtoms.UnionWith(interpreter.MapAtoms);
        mappedBytes.UnionWith(interpreter.MappedBytes);
        foreach (KeyValuePair<(object Map, BigInteger Arguments), BigInteger> seen in interpreter.MapResults)
        {
            if (mapResults.TryGetValue(seen.Key, out BigInteger other) && other != seen.Value) sameMap = false;
            mapResults[seen.Key] = seen.Value;
        }
        return new WitnessRun(result, state);
    }

    /// <summary>
    /// The states must agree in storage as programs see it: where the executions go through the relocation map, map and bytes must be the same. (Modes decide only whether
    /// the map lets them, and, as far as it is asked for, what it makes of an address.)
    /// </summary>
    private bool SameStorage(WitnessCandidate candidate) =>
        (sameMap || !oneMap) && mapAtoms.All(a => !IsResource(a.Atom) || a.Atom.Role == "mode" || candidate.Reference[a.Atom, a.Index] == candidate.Guest[a.Atom, a.Index])
        && mappedBytes.All(b => candidate.Reference.Byte(b.Bus, b.Address) == candidate.Guest.Byte(b.Bus, b.Address));

    /// <summary>Whether the executions accessed bytes that do not lie behind the map.</summary>
    private bool AccessesStorage() => !bytes.TrueForAll(mappedBytes.Contains);

    /// <summary>Whether a trap left resource state changed.</summary>
    private bool Lasting(ConcreteState before, WitnessRun run) => run.Result is { Trap: not null, InMap: false } && model.Atoms.Any(a => a.Keep && IsResource(a) && Changed(before, run.Final, a));

    private bool Differ(WitnessCandidate candidate, WitnessRun reference, WitnessRun guest, bool late)
    {
        if (late && guest.Result.Trap is not null) return true;
        if (ResourceChanged(candidate.Guest, guest.Final)) return true;
        if (reference.Result.Trap is not null) return true;
        if (ResourceChanged(candidate.Reference, reference.Final)) return true;
        foreach (StateAtom atom in model.Atoms)
        {
            if (IsResource(atom) || atom.Derived is not null) continue;
            if (!reference.Final.SameAtom(guest.Final, atom)) return true;
        }
        // Where the states themselves differ in bytes (devices), only what the executions changed counts.
        return model.Memories.Any(m => m.IsBus && candidate.Reference.SameBytes(candidate.Guest, m) && !reference.Final.SameBytes(guest.Final, m));
    }

    private bool SameMemory(ConcreteState a, ConcreteState b) => model.Memories.All(m => !m.IsBus || a.SameBytes(b, m));

    private bool ResourceChanged(ConcreteState before, ConcreteState after) =>
        after.Flushes > before.Flushes || !before.Devices.SequenceEqual(after.Devices) || model.Atoms.Any(a => IsResource(a) && a.Derived is null && Changed(before, after, a));

    private static bool Changed(ConcreteState before, ConcreteState after, StateAtom atom) => !before.SameAtom(after, atom);
}
