using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// Finds a witness for a critical form by search: states are changed at random where the last executions looked, keeping what gets further through the checks, until the
/// guest's execution completes and differs. What is found is then made as small as it gets. Nothing is taken on trust: a witness is what the interpreter has shown.
/// </summary>
public sealed class WitnessFinder
{
    private readonly int restarts;
    private readonly int patience;
    private readonly IsaModel model;
    private readonly IrInterpreter interpreter;
    private readonly WitnessCheck check;
    private readonly List<WitnessCandidate> solved = new();
    private readonly EncodingSampler encodings;
    private Random random = new(1);

    /// <param name="patience">Changes tried after the last one that got further.</param>
    /// <param name="restarts">Beginnings from other states.</param>
    public WitnessFinder(IsaModel model, SpecFacts facts, int patience = 5000, int restarts = 8)
    {
        this.patience = patience;
        this.restarts = restarts;
        this.model = model;
        interpreter = new IrInterpreter(model, facts);
        check = new WitnessCheck(model, interpreter);
        encodings = new EncodingSampler(model, interpreter) { Random = random };
    }

    /// <summary>A witness for a form that is critical under a profile, or null when none is found within the budget.</summary>
    /// <param name="difference">What the derivation says shows it.</param>
    public Witness? Find(FormModel form, ProfileModel profile, Difference difference, CancellationToken cancellation = default)
    {
        encodings.Random = random = new Random(form.Index + 1);
        for (int restart = 0; restart < restarts; restart++)
        {
            if (Begin(form, difference, restart) is not { } start) continue;
            if (Search(start, profile, difference, restart % 4 >= 2, cancellation) is not { } found) continue;
            WitnessCandidate small = new WitnessShrinker(model, check).Shrink(found, profile, difference);
            solved.RemoveAll(s => solved.Count > 8 && ReferenceEquals(s, solved[0]));
            solved.Add(small);
            return check.Witness(small, form, profile);
        }
        return null;
    }

    /// <summary>
    /// A state, and an encoding of a body of the form, in which it completes, or null when none is found within the budget: for the check by random states, of which few may get through.
    /// </summary>
    /// <param name="values">Values of resource bits it must have.</param>
    internal WitnessCandidate? FindCompleting(FormModel form, IrFunction body, ProfileModel profile, ImmutableDictionary<StateAtom, BigInteger> values, CancellationToken cancellation = default)
    {
        encodings.Random = random = new Random(form.Index + 1);
        var completion = new Difference(DifferenceKind.GuestChangesResource, ResourceRoles.None, values, values, ImmutableArray<StateAtom>.Empty, body, null) { Completion = true };
        for (int restart = 0; restart < restarts; restart++)
        {
            if (Begin(form, completion, restart) is not { } start) continue;
            if (Search(start, profile, completion, restart % 4 >= 2, cancellation) is not { } found) continue;
            solved.RemoveAll(s => solved.Count > 8 && ReferenceEquals(s, solved[0]));
            solved.Add(found);
            return found;
        }
        return null;
    }

    /// <summary>Runs a witness again: whether it still shows what it shows.</summary>
    public bool Replays(Witness witness, Difference difference) =>
        check.Score(new WitnessCandidate(witness.Instruction, witness.Reference.Clone(), witness.Guest.Clone()), witness.Profile, difference) == WitnessCheck.Shown;

    private WitnessCandidate? Begin(FormModel form, Difference difference, int restart)
    {
        // A state that got another form through its checks is a good one to begin with.
        ConcreteState guest = solved.Count > 0 && restart % 2 == 0 ? solved[solved.Count - 1 - random.Next(Math.Min(solved.Count, 4))].Guest.Clone() : Fresh();
        foreach (KeyValuePair<StateAtom, BigInteger> value in difference.Guest) guest[value.Key] = value.Value;
        DecodedInstruction? best = null;
        for (int i = 0; i < 400; i++)
        {
            DecodedInstruction? decoded = encodings.Decode(form, i, guest);
            if (decoded is null) continue;
            if (ReferenceEquals(decoded.Variant.Body, difference.Body))
            {
                best = decoded;
                break;
            }
            best ??= decoded;
        }
        if (best is null) return null;
        ConcreteState reference = guest.Clone();
        foreach (KeyValuePair<StateAtom, BigInteger> value in difference.Reference) reference[value.Key] = value.Value;
        for (int role = 0; role < 6; role++)
        {
            if (((ResourceRoles)(1 << role) & difference.Roles) != 0) reference.Devices[role] = guest.Devices[role] + 1;
        }
        return new WitnessCandidate(best, reference, guest);
    }

    private ConcreteState Fresh()
    {
        var state = new ConcreteState(model);
        foreach (StateAtom atom in model.Atoms.Where(a => a.Derived is null && a.Role is null && !a.Hidden))
        {
            for (int i = 0; i < Math.Max(1, atom.Count); i++) state[atom, i] = Number(atom.Width);
        }
        return state;
    }

    private WitnessCandidate Reencode(WitnessCandidate candidate, Difference difference)
    {
        DecodedInstruction? decoded = encodings.Reencode(candidate.Instruction, difference.Body, candidate.Guest);
        return decoded is not null && ReferenceEquals(decoded.Variant.Body, difference.Body) ? candidate with { Instruction = decoded } : candidate;
    }

    private WitnessCandidate? Search(WitnessCandidate start, ProfileModel profile, Difference difference, bool deep, CancellationToken cancellation)
    {
        WitnessCandidate best = start;
        int score = check.Score(best, profile, difference, deep);
        List<WitnessPlace> places = check.Places(difference);
        for (int attempt = 0; attempt < patience && score < WitnessCheck.Shown; attempt++)
        {
            if ((attempt & 255) == 0) cancellation.ThrowIfCancellationRequested();
            if (places.Count == 0) return null;
            WitnessCandidate next = best.Copy();
            if (model.Decode.Words && random.Next(4) == 0) next = Reencode(next, difference);
            for (int n = random.Next(4) == 0 ? random.Next(2, 5) : 1; n > 0; n--) Change(next, places, difference);
            int now = check.Score(next, profile, difference, deep);
            if (now < score) continue;
            if (now > score) attempt = 0;
            best = next;
            score = now;
            places = check.Places(difference);
        }
        return score == WitnessCheck.Shown ? best : null;
    }

    /// <summary>Changes a place the executions looked at, rather a late one: the check that failed is the last.</summary>
    private void Change(WitnessCandidate candidate, List<WitnessPlace> places, Difference difference)
    {
        int last = places.Count;
        WitnessPlace place = places[random.Next(3) == 0 ? random.Next(last) : last - 1 - random.Next(Math.Min(last, 14))];
        bool apart = place.MayDiffer && random.Next(2) == 0;
        if (place.Bus is { } bus)
        {
            if (random.Next(10) == 0 && CopyRun(candidate, bus, place.Address, places)) return;
            byte old = candidate.Guest.Byte(bus, place.Address);
            byte value = (byte)Mutate(old, 8);
            candidate.Reference.SetByte(bus, place.Address, value);
            if (!apart) candidate.Guest.SetByte(bus, place.Address, value);
            return;
        }
        StateAtom atom = place.Atom!;
        if (difference.Guest.ContainsKey(atom)) return;
        BigInteger changed = Mutate(candidate.Guest[atom, place.Index], atom.Width);
        candidate.Reference[atom, place.Index] = changed;
        if (!apart) candidate.Guest[atom, place.Index] = changed;
    }

    /// <summary>Copies eight bytes to the run of bytes that a place belongs to: what passed the checks elsewhere may pass them here.</summary>
    private bool CopyRun(WitnessCandidate candidate, MemorySpec bus, BigInteger address, List<WitnessPlace> places)
    {
        List<BigInteger> known = candidate.Guest.Bytes(bus).Select(b => b.Key).ToList();
        if (known.Count == 0) return false;
        while (places.Any(p => ReferenceEquals(p.Bus, bus) && p.Address == address - 1) && random.Next(12) != 0) address--;
        BigInteger from = known[random.Next(known.Count)] & ~(BigInteger)7 | (address & 7);
        for (int i = 0; i < 8; i++)
        {
            byte value = candidate.Guest.Byte(bus, from + i);
            candidate.Guest.SetByte(bus, address + i, value);
            candidate.Reference.SetByte(bus, address + i, value);
        }
        return true;
    }

    private BigInteger Mutate(BigInteger old, int width) => random.Next(6) switch
    {
        0 => BigInteger.Zero,
        1 => IrMath.Mask(width),
        2 => Number(width),
        _ => old ^ (BigInteger.One << random.Next(width)),
    };

    private BigInteger Number(int width) => encodings.Number(width);
}
