using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

internal sealed unsafe partial class RandomCheck<TIsa>
{
    /// <summary>Looks at differences that turned out to be none, after which only every 64th is looked at.</summary>
    private const int MostExcused = 300;

    private const string Disagreement = "generated machine and interpreter do not leave the same";

    private readonly byte[] _old = new byte[1 << 12];

    // Where the hardware keeps the guest's translations apart it is compared with itself only; the monitor's executions are still held against their derived conditions.
    private bool _compared;

    private void Case(FormRun run, TrapConditions conditions)
    {
        var sample = Begin(run, out var encoding);
        Vary(run);
        *_ops = encoding.Op;
        _ops[1].Pc = encoding.Op.Pc + encoding.Op.Length;
        if (sample is not null)
        {
            Patch(sample);
        }

        var pair = Execute();
        Judge(run, conditions, encoding, pair);
        if (sample is not null)
        {
            Restore(sample);
        }

        if (pair.GuestTrap == 0 || (run.Verdict.Traps && pair.ReferenceTrap == 0))
        {
            Remember(run, encoding, sample);
        }
    }

    /// <summary>Makes the guest's state, and the one compared with the same.</summary>
    private Sample? Begin(FormRun run, out Encoding encoding)
    {
        Sample? sample = null;
        encoding = run.Encodings[_random.Below(run.Encodings.Count)];
        ulong users = ulong.MaxValue, resources = _random.Next();
        if (run.Samples.Count > 0 && !_random.OneIn(8))
        {
            sample = run.Samples[_random.Below(run.Samples.Count)];
            if (!_random.OneIn(4))
            {
                encoding = sample.Encoding;
            }

            (users, resources) = (_random.Next() & _random.Next(), _random.Next() & _random.Next() & _random.Next() & _random.Next());
        }
        else if (_known.Count > 0 && _random.OneIn(2))
        {
            sample = _known[_random.Below(_known.Count)];
            resources &= _random.Next() & _random.Next();
        }

        if (sample is null)
        {
            Copy(_guest, _reset);
        }
        else
        {
            fixed (byte* structure = sample.Structure)
            {
                Copy(_guest, structure);
            }
        }

        for (var i = 0; i < run.User.Length; i++)
        {
            if ((users >> (i & 63) & 1) != 0)
            {
                Randomise(_guest, run.User[i]);
            }
        }

        for (var i = 0; i < run.Resources.Count; i++)
        {
            if ((resources >> (i & 63) & 1) != 0)
            {
                Randomise(_guest, run.Resources[i]);
            }
        }

        Set(_guest, encoding.Context);
        Set(_guest, _guestValues[_random.Below(_guestValues.Length)]);
        return sample is { Bytes.Count: > 0 } ? sample : null;
    }

    /// <summary>Makes the state compared with another one, that agrees in user state: in the monitor's mode as a rule, with other resources, other devices.</summary>
    private void Vary(FormRun run)
    {
        Copy(_reference, _guest);
        var ofMonitor = !_random.OneIn(_verdict.Profile.OwnMemories.IsEmpty ? 4 : 2);
        var values = ofMonitor ? _monitorValues : _guestValues;
        var chosen = values[_random.Below(values.Length)];
        _compared = true;
        if (AgreesInUserState(chosen))
        {
            Set(_reference, chosen);
            _compared = !ofMonitor || _verdict.Profile.OwnMemories.IsEmpty;
        }

        if (run.Varying.Length > 0 && _random.OneIn(2))
        {
            for (var n = 1 + _random.Below(3); n > 0; n--)
            {
                Randomise(_reference, run.Varying[_random.Below(run.Varying.Length)]);
            }
        }

        for (var role = 0; role < _guestDevices.Length; role++)
        {
            _referenceDevices[role] = _guestDevices[role] = _random.Next();
        }

        if (_random.OneIn(4))
        {
            _referenceDevices[_random.Below(_referenceDevices.Length)]++;
        }

        foreach (var bus in _buses)
        {
            bus.Differs = run.DifferingBuses.Contains(bus) && _random.OneIn(8);
        }
    }

    private bool AgreesInUserState((StatePlace Place, ulong Value)[] values)
    {
        foreach (var (place, value) in values)
        {
            if (!_map.IsResource(place.Atom) && place.Read(_guest) != value)
            {
                return false;
            }
        }

        return true;
    }

    private static void Set(byte* structure, IReadOnlyList<(StatePlace Place, ulong Value)> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            values[i].Place.Write(structure, values[i].Value);
        }
    }

    private void Randomise(byte* structure, StatePlace place)
    {
        var width = place.Atom.Width;
        place.Write(structure, _random.Value(Math.Min(width, 64)), width > 64 ? _random.Value(width - 64) : 0);
    }

    private void Patch(Sample sample)
    {
        for (var i = 0; i < sample.Bytes.Count && i < _old.Length; i++)
        {
            _old[i] = sample.Bytes[i].Bus.Patch(sample.Bytes[i].Address, sample.Bytes[i].Value);
        }
    }

    private void Restore(Sample sample)
    {
        for (var i = Math.Min(sample.Bytes.Count, _old.Length) - 1; i >= 0; i--)
        {
            sample.Bytes[i].Bus.Patch(sample.Bytes[i].Address, _old[i]);
        }
    }

    /// <summary>Keeps a state that got through, at random.</summary>
    private void Remember(FormRun run, Encoding encoding, Sample? sample)
    {
        var full = run.Samples.Count >= WantedSamples;
        if (full && !_random.OneIn(512))
        {
            return;
        }

        var kept = new Sample(new Span<byte>(_guest, TIsa.StateSize).ToArray(), encoding, sample?.Bytes ?? []);
        if (full)
        {
            run.Samples[_random.Below(WantedSamples)] = kept;
        }
        else
        {
            run.Samples.Add(kept);
        }

        if (_known.Count < 64)
        {
            _known.Add(kept);
        }
        else
        {
            _known[_random.Below(64)] = kept;
        }
    }

    private bool IsMemory(uint trap) => trap != 0 && _model.Traps[(int)trap - 1].Kind == "memory";

    private void Judge(FormRun run, TrapConditions conditions, Encoding encoding, Pair pair)
    {
        run.Guest = run.Guest.Add(pair.GuestTrap != 0, IsMemory(pair.GuestTrap));
        run.Reference = run.Reference.Add(pair.ReferenceTrap != 0, IsMemory(pair.ReferenceTrap));
        if (pair.GuestTrap == 0 && run.Verdict.Traps)
        {
            Fail(run, "completes in this state of the guest, though derived to trap always", _judge.Completing(Candidate(encoding), run.Verdict.Form));
            return;
        }

        if (Contradiction(run, conditions, encoding, pair) is { } contradiction)
        {
            Fail(run, contradiction, _judge.Shrunk(Candidate(encoding), run.Verdict.Form));
            return;
        }

        var differs = pair.GuestTrap != 0
            ? pair.GuestLasting && !IsMemory(pair.GuestTrap)
            : pair.GuestChanges || (!IsMemory(pair.ReferenceTrap) && (pair.ReferenceTrap != 0 || pair.ReferenceChanges || !pair.Same));
        if (!differs || !_compared || (run.Verdict.Critical && run.Found) || (run.Excused > MostExcused && !_random.OneIn(64)))
        {
            return;
        }

        var candidate = Candidate(encoding);
        if (_judge.IsDifference(candidate))
        {
            run.Found = true;
            if (!run.Verdict.Critical)
            {
                Fail(run, $"shows a difference, though derived {run.Verdict.Class.ToString().ToLowerInvariant()}", _judge.Shrunk(candidate, run.Verdict.Form));
            }

            return;
        }

        run.Excused++;
        var same = _judge.SameStorage(candidate);
        var learned = false;
        foreach (var (atom, element) in _judge.MapDifferences(candidate).ToList())
        {
            learned |= run.Exclude(atom, element);
        }

        if (!same && !learned)
        {
            run.DifferingBuses.RemoveWhere(b => b.Differs && IsStorage(b));
        }

        if (same && _judge.Agree(candidate, run.Verdict.Form) == false)
        {
            Fail(run, Disagreement, _judge.Shrunk(candidate, run.Verdict.Form));
        }
    }

    /// <summary>Puts the derived conditions of traps to the test, now and then: it takes longer than an execution.</summary>
    private string? Contradiction(FormRun run, TrapConditions conditions, Encoding encoding, Pair pair)
    {
        if ((run.Guest.Total & 31) != 1)
        {
            return null;
        }

        var found = conditions.Contradiction(encoding.Instruction, p => p.Read(_guest), _map, pair.GuestTrap, () => Look(false))
            ?? conditions.Contradiction(encoding.Instruction, p => p.Read(_reference), _map, pair.ReferenceTrap, () => Look(true));
        run.ConditionsDecided = conditions.Decided;
        return found;

        string? Look(bool reference)
        {
            var candidate = Candidate(encoding);
            var result = _judge.Execute(candidate.Instruction, reference ? candidate.Reference : candidate.Guest);
            return result.InMap || result.Exhausted ? null
                : result.Trap is { } trap ? $"ends in {trap.Name} in a state for which no trap is derived"
                : _judge.Agree(candidate, run.Verdict.Form) == false ? Disagreement : null;
        }
    }

    private bool IsStorage(FoldedBus bus) => bus.Spec == (_model.Decode.FetchMemory.Over ?? _model.Decode.FetchMemory) || _model.Memories.Exists(m => m.Over == bus.Spec);

    private static void Fail(FormRun run, string what, Witness witness) => (run.Failure, run.Witness) = (what, witness);
}
