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
    private readonly Dictionary<IrFunction, ILookup<int, BigInteger>> constants = new();
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
    }

    /// <summary>A witness for a form that is critical under a profile, or null when none is found within the budget.</summary>
    /// <param name="difference">What the derivation says shows it.</param>
    public Witness? Find(FormModel form, ProfileModel profile, Difference difference, CancellationToken cancellation = default)
    {
        random = new Random(form.Index + 1);
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
            DecodedInstruction? decoded = FormDecoder.Decode(model, interpreter, form, Encoding(form, i), 0x1000, guest);
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

    /// <summary>Bytes that may be the form: its fixed bits, and anything for the rest; simple ones first.</summary>
    private byte[] Encoding(FormModel form, int attempt)
    {
        if (model.Decode.Words) return Bytes(form, form.Value | ((ulong)Number(form.WordBits) & ~form.Mask));
        var bytes = new List<byte>();
        if (attempt >= 200 && model.Decode.Prefixes.Count > 0)
        {
            byte[] prefixes = model.Decode.Prefixes.Keys.OrderBy(b => b).ToArray();
            for (int n = random.Next(1, 3); n > 0; n--) bytes.Add(prefixes[random.Next(prefixes.Length)]);
        }
        bytes.AddRange(form.Bytes);
        if (form.Plus is { } plus) bytes[bytes.Count - 1] |= (byte)random.Next(1 << plus.Width);
        if (form.Slash is { } digit && model.Decode.SlashField is { } slash)
        {
            BigInteger value = Number(slash.Width);
            if (digit >= 0 && slash.SlashPart is { } part) value = (value & ~(IrMath.Mask(part.Width) << part.LowBit)) | ((BigInteger)digit << part.LowBit);
            for (int i = 0; i < slash.Width / 8; i++) bytes.Add((byte)((value >> (8 * i)) & 0xFF));
        }
        for (int i = 0; i < 16; i++) bytes.Add((byte)(random.Next(3) == 0 ? random.Next(256) : 0));
        return bytes.ToArray();
    }

    /// <summary>
    /// The candidate with another value in a field of its word: rather one the body has as a constant of the field's width, such as the number of a control register.
    /// The same candidate where that is another instruction.
    /// </summary>
    private WitnessCandidate Reencode(WitnessCandidate candidate, Difference difference)
    {
        FormModel form = candidate.Instruction.Variant.Form;
        DecodeVariable field = form.FormatFields[random.Next(form.FormatFields.Length)];
        BigInteger[] known = Constants(difference.Body)[field.Width].ToArray();
        BigInteger value = known.Length > 0 && random.Next(4) != 0 ? known[random.Next(known.Length)] : Number(field.Width);
        BigInteger word = candidate.Instruction.Word;
        int remaining = field.Width;
        foreach ((int high, int low) in field.Pieces)
        {
            int width = high - low + 1;
            remaining -= width;
            BigInteger free = (IrMath.Mask(width) << low) & ~(BigInteger)form.Mask;
            word = (word & ~free) | (((value >> remaining) << low) & free);
        }
        DecodedInstruction? decoded = FormDecoder.Decode(model, interpreter, form, Bytes(form, (ulong)word), 0x1000, candidate.Guest);
        return decoded is not null && ReferenceEquals(decoded.Variant.Body, difference.Body) ? candidate with { Instruction = decoded } : candidate;
    }

    /// <summary>The constants of a body and of what it calls, by width.</summary>
    private ILookup<int, BigInteger> Constants(IrFunction body)
    {
        if (constants.TryGetValue(body, out ILookup<int, BigInteger>? known)) return known;
        var found = new HashSet<(int Width, BigInteger Value)>();
        var seen = new HashSet<IrFunction>();
        Collect(body);
        known = found.OrderBy(c => c.Width).ThenBy(c => c.Value).ToLookup(c => c.Width, c => c.Value);
        constants.Add(body, known);
        return known;

        void Collect(IrFunction function)
        {
            if (!seen.Add(function) || function.Extern is not null) return;
            IrTree.Visit(function.Body, s =>
            {
                if (s is IrStmt.Call call) Collect(call.Function);
            }, e =>
            {
                if (e is IrExpr.Const c) found.Add((c.Width, c.Value));
                else if (e is IrExpr.Call call) Collect(call.Function);
            });
        }
    }

    private byte[] Bytes(FormModel form, ulong word)
    {
        int length = form.WordBits / 8;
        var result = new byte[length];
        for (int i = 0; i < length; i++) result[i] = (byte)(word >> (8 * (model.Decode.FetchMemory.BigEndian ? length - 1 - i : i)));
        return result;
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

    private BigInteger Number(int width)
    {
        var bytes = new byte[17];
        random.NextBytes(bytes);
        bytes[16] = 0;
        return new BigInteger(bytes) & IrMath.Mask(random.Next(2) == 0 ? width : Math.Min(width, 12));
    }
}
