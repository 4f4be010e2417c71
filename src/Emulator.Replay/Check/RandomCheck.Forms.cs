using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

internal sealed unsafe partial class RandomCheck<TIsa>
{
    private const int WantedEncodings = 48;
    private const int MostEncodings = 1500;
    private const int WantedSamples = 16;

    /// <summary>Cases after which states in which the form completes are searched for, when chance has found none.</summary>
    private const int Patience = 256;

    private FormCheck Form(FormVerdict verdict, CancellationToken cancellation)
    {
        var encodings = Encodings(verdict.Form);
        if (encodings.Count == 0)
        {
            return new FormCheck(verdict) { Failure = "no encoding of it was found: nothing was executed" };
        }

        foreach (var bus in _buses)
        {
            bus.Fill(ref _random);
        }

        var context = encodings.SelectMany(e => e.Context).Select(c => c.Place).ToHashSet();
        var run = new FormRun(verdict, encodings, _map, _flow.Facts, p => context.Contains(p) || _profile.Elements.Contains((p.Atom, p.Element)));
        foreach (var bus in _buses)
        {
            run.DifferingBuses.Add(bus);
        }

        var conditions = new TrapConditions(_flow, verdict, _verdict.Profile, _interpreter, _states);
        for (var i = 0; i < _options.Cases && run.Failure is null; i++)
        {
            if (i == Patience)
            {
                Search(run, cancellation);
            }

            Case(run, conditions);
        }

        if (run.Failure is null && run.Guest.Completed + run.Reference.Completed == 0 && verdict.Access.Any(a => a.Kind != AccessKind.Never))
        {
            run.Failure = "never completed though it can: nothing was compared";
        }
        else if (run.Failure is null && run.Guest.Completed == 0 && !verdict.Traps && verdict.Followed && MayComplete(verdict, _profile.Guest))
        {
            run.Failure = "never completed in the guest's mode though it can: nothing was compared";
        }

        return run.ToCheck();
    }

    /// <summary>Whether a form is derived to complete in some mode of the guest's or of the monitor's.</summary>
    private bool MayComplete(FormVerdict verdict, List<Dictionary<(StateAtom Atom, int Element), BigInteger>> values) =>
        _model.ModeAtom is not { } mode || verdict.Access.Any(a => a.Kind != AccessKind.Never && values.Exists(v => v.TryGetValue((mode, 0), out var value)
            && _model.Modes.Exists(m => m.Name == a.Mode && m.Value == value)));

    /// <summary>Encodings of a form, decoded where the guest runs.</summary>
    private List<Encoding> Encodings(FormModel form)
    {
        var found = new List<Encoding>();
        _sampler.Random = new Random(form.Index + 1);
        DecodedInstruction? last = null;
        var wanted = WantedEncodings;
        for (var i = 0; i < 8 * wanted && found.Count < wanted; i++)
        {
            var state = new ConcreteState(_model);
            foreach (var (atom, element) in _facts.Context)
            {
                for (var n = Math.Max(0, element); n < (element < 0 ? Math.Max(1, atom.Count) : element + 1); n++)
                {
                    state[atom, n] = _random.Value(Math.Min(atom.Width, 64));
                }
            }

            foreach (var (place, value) in _profile.Guest[_random.Below(_profile.Guest.Count)])
            {
                state[place.Atom, place.Element] = value;
            }

            var decoded = last is not null && (i & 1) != 0 ? _sampler.Reencode(last, last.Variant.Body, state) : null;
            decoded ??= _sampler.Decode(form, (i & 2) * 100, state);
            if (decoded is not null && Decoded(decoded, state) is { } encoding)
            {
                found.Add(encoding);
                last = decoded;

                // Where a field chooses among many things, such as control registers, few encodings would miss some.
                wanted = Math.Clamp(_sampler.Choices(form, decoded.Variant.Body) * 16, wanted, MostEncodings);
            }
        }

        return found;
    }

    /// <summary>Has the generated decoder decode an instruction; null when it takes the bytes for something else.</summary>
    private Encoding? Decoded(DecodedInstruction instruction, ConcreteState state)
    {
        var h = _cpu.State;
        Load((byte*)h, state);
        TIsa.RecomputeDerived(h);
        var op = default(DecodedOp);
        int length;
        fixed (byte* bytes = instruction.Bytes.AsSpan())
        {
            length = TIsa.Decode(h, bytes, instruction.Length, EncodingSampler.Pc, &op);
        }

        h->Trap = 0;
        if (length != instruction.Length || op.Variant != instruction.Variant.Index)
        {
            return null;
        }

        var context = new List<(StatePlace Place, ulong Value)>();
        foreach (var (atom, element) in _facts.Context)
        {
            for (var n = Math.Max(0, element); n < (element < 0 ? Math.Max(1, atom.Count) : element + 1); n++)
            {
                if (_map.TryFind(atom, n, out var place) && !_profile.Elements.Contains((atom, n)))
                {
                    context.Add((place, (ulong)(state[atom, n] & ulong.MaxValue)));
                }
            }
        }

        return new Encoding(instruction, op, context);
    }

    private void Load(byte* structure, ConcreteState state)
    {
        Copy(structure, _reset);
        foreach (var place in _map.All)
        {
            var value = state[place.Atom, place.Element];
            place.Write(structure, (ulong)(value & ulong.MaxValue), (ulong)(value >> 64));
        }
    }

    /// <summary>Looks for states in which the form completes where chance has found none, in each of the modes in which it may.</summary>
    private void Search(FormRun run, CancellationToken cancellation)
    {
        // What is derived to show a difference is rare among many encodings and states: one is searched for, and others are made from it.
        if (!run.Found && run.Verdict.Difference is { } difference && _finder.Find(run.Verdict.Form, _verdict.Profile, difference, cancellation) is { } witness)
        {
            AddSample(run, witness.Instruction, witness.Guest);
        }

        foreach (var other in run.Guest.Completed + run.Reference.Completed == 0 ? _options.Others : [])
        {
            if (other.Forms.FirstOrDefault(f => f.Form == run.Verdict.Form)?.Difference is { } shown && _finder.Find(run.Verdict.Form, other.Profile, shown, cancellation) is { } elsewhere)
            {
                AddSample(run, elsewhere.Instruction, elsewhere.Guest);
                AddSample(run, elsewhere.Instruction, elsewhere.Reference);
            }
        }

        foreach (var (missing, values) in new[] { (run.Guest.Completed == 0 && !run.Verdict.Traps, _profile.Guest), (run.Reference.Completed == 0, _profile.Monitor) })
        {
            if (!missing || !MayComplete(run.Verdict, values))
            {
                continue;
            }

            foreach (var body in run.Encodings.Select(e => e.Instruction.Variant.Body).Distinct().Take(4))
            {
                var scalars = values[0].Where(v => !v.Key.Atom.IsArray).ToImmutableDictionary(v => v.Key.Atom, v => v.Value);
                if (_finder.FindCompleting(run.Verdict.Form, body, _verdict.Profile, scalars, cancellation) is { } found && AddSample(run, found.Instruction, found.Guest))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Adds a state that was searched for to those that others are made from, with the bytes it needs.</summary>
    private bool AddSample(FormRun run, DecodedInstruction instruction, ConcreteState state)
    {
        if (Decoded(instruction, state) is not { } encoding)
        {
            return false;
        }

        var structure = new byte[TIsa.StateSize];
        fixed (byte* at = structure)
        {
            Load(at, state);
        }

        _interpreter.Execute(instruction, state.Clone());
        run.Samples.Add(new Sample(structure, encoding, [.. _interpreter.BytesTouched.Distinct().Select(b => (Array.Find(_buses, x => x.Spec == b.Bus)!, (ulong)b.Address, state.Byte(b.Bus, b.Address)))]));
        return true;
    }
}
