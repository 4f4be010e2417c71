using System.Numerics;
using System.Runtime.InteropServices;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;
using Emulator.Runtime;

namespace Emulator.Replay.Check;

/// <summary>
/// Executes forms on the generated CPU in pairs of random states, the guest's and one that agrees with it in user state and storage, and compares as the definitions say
/// (docs/popek-goldberg.md). Nothing is allocated per execution. What looks like a difference is looked at again by <see cref="DifferenceJudge{TIsa}"/>.
/// </summary>
internal sealed unsafe partial class RandomCheck<TIsa> : IDisposable
    where TIsa : struct, IIsa
{
    /// <summary>Iterations after which a restartable instruction suspends: then what it has done so far is compared.</summary>
    private const long Budget = 64;

    private readonly IsaModel _model;
    private readonly SpecFacts _facts;
    private readonly ProfileVerdict _verdict;
    private readonly CheckOptions _options;
    private readonly OutsideMachine _outside = new();
    private readonly Cpu<TIsa> _cpu;
    private readonly FoldedBus[] _buses;
    private readonly StructureMap _map;
    private readonly NativeBlock _memory;
    private readonly byte* _reset, _guest, _reference, _guestEnd;
    private readonly DecodedOp* _ops;
    private readonly ulong[] _guestDevices = new ulong[6];
    private readonly ulong[] _referenceDevices = new ulong[6];
    private readonly IrInterpreter _interpreter;
    private readonly EncodingSampler _sampler;
    private readonly WitnessFinder _finder;
    private readonly DifferenceJudge<TIsa> _judge;
    private readonly ProfileSampler _profile;
    private readonly FlowFacts _flow;
    private readonly Dictionary<string, ProfileStates> _states = new(StringComparer.Ordinal);
    private readonly (StatePlace Place, ulong Value)[][] _guestValues;
    private readonly (StatePlace Place, ulong Value)[][] _monitorValues;
    private readonly List<Sample> _known = [];
    private RandomSource _random;

    public RandomCheck(GeneratedMachine<TIsa> machine, IsaModel model, SpecFacts facts, IsaMetadata metadata, Type externs, ProfileVerdict verdict, CheckOptions options)
    {
        (_model, _facts, _verdict, _options) = (model, facts, verdict, options);
        _random = new RandomSource(options.Seed);
        _buses = [.. model.Memories.Where(m => m.IsBus).Select(m => new FoldedBus(m))];
        _cpu = new Cpu<TIsa>(new CpuOptions
        {
            Buses = _buses.ToDictionary(b => b.Spec.Name, b => (Bus)b),
            Externs = OutsideExterns.Create(externs, model, _outside),
            CodeCacheSize = 1 << 16,
        });
        _map = new StructureMap(model, metadata, TIsa.StateSize, verdict.Profile.Own);
        _memory = new NativeBlock((nuint)(4 * TIsa.StateSize + 2 * sizeof(DecodedOp)));
        _reset = _memory.Pointer;
        _guest = _reset + TIsa.StateSize;
        _reference = _guest + TIsa.StateSize;
        _guestEnd = _reference + TIsa.StateSize;
        _ops = (DecodedOp*)(_guestEnd + TIsa.StateSize);
        _ops[1].Handler = &End;
        TIsa.Settle(_cpu.State);
        Copy(_reset, (byte*)_cpu.State);
        _interpreter = new IrInterpreter(model, facts);
        _sampler = new EncodingSampler(model, _interpreter);
        _finder = new WitnessFinder(model, facts, patience: 5000, restarts: 8);
        _judge = new DifferenceJudge<TIsa>(machine, model, facts, verdict.Profile);
        _profile = new ProfileSampler(model, _interpreter, verdict.Profile, new RandomSource(options.Seed));
        _flow = new FlowFacts(model, facts, verdict.Profile, CancellationToken.None);
        _guestValues = [.. _profile.Guest.Select(Placed)];
        _monitorValues = [.. _profile.Monitor.Select(Placed)];
    }

    /// <summary>Checks every form asked for.</summary>
    public ProfileCheck Run(CancellationToken cancellation)
    {
        var forms = new List<FormCheck>();
        foreach (var form in _verdict.Forms.Where(f => _options.Only?.Invoke(f) ?? true))
        {
            cancellation.ThrowIfCancellationRequested();
            forms.Add(_guestValues.Length == 0 || _monitorValues.Length == 0
                ? new FormCheck(form) { Failure = "no state of the profile was found: nothing was executed" }
                : form.Intercepted ? new FormCheck(form) { Skipped = "intercepted" } : Form(form, cancellation));
        }

        // What got other forms through may help those that got nowhere.
        for (var i = 0; i < forms.Count && _known.Count > 0; i++)
        {
            var (check, critical) = (forms[i], forms[i].Verdict.Critical);
            if (check.Skipped is null && (check is { Failure: not null, Witness: null } || (critical && !check.DifferenceFound)))
            {
                forms[i] = Form(check.Verdict, cancellation);
            }
        }

        return new ProfileCheck(_verdict, forms);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
    }

    private static DecodedOp* End(CpuHeader* h, DecodedOp* op)
    {
        TIsa.SetPc(h, op->Pc);
        return null;
    }

    private static void Copy(byte* to, byte* from) => Buffer.MemoryCopy(from, to, TIsa.StateSize, TIsa.StateSize);

    private (StatePlace Place, ulong Value)[] Placed(Dictionary<(StateAtom Atom, int Element), BigInteger> values) =>
        [.. values.Where(v => _map.TryFind(v.Key.Atom, v.Key.Element, out _)).Select(v => (_map[v.Key.Atom, v.Key.Element], (ulong)(v.Value & ulong.MaxValue)))];

    /// <summary>Executes the decoded operation in both states and compares.</summary>
    private Pair Execute()
    {
        var result = default(Pair);
        var h = _cpu.State;
        result.GuestTrap = Execute(_guest, _guestDevices, second: false, out var flushed);
        Copy(_guestEnd, (byte*)h);
        foreach (var bus in _buses)
        {
            bus.EndFirst();
        }

        var outside = !_outside.Devices.AsSpan().SequenceEqual(_guestDevices);
        if (result.GuestTrap != 0)
        {
            result.GuestLasting = outside || flushed || !_map.SameLasting(_guest, _guestEnd);
        }
        else
        {
            result.GuestChanges = outside || flushed || !_map.SameResources(_guest, _guestEnd);
        }

        result.ReferenceTrap = Execute(_reference, _referenceDevices, second: true, out flushed);
        result.Same = true;
        foreach (var bus in _buses)
        {
            result.Same &= bus.EndSecond();
        }

        if (result.ReferenceTrap == 0)
        {
            result.ReferenceChanges = flushed || !_outside.Devices.AsSpan().SequenceEqual(_referenceDevices) || !_map.SameResources(_reference, (byte*)h);
            result.Same &= _map.SameUserState(_guestEnd, (byte*)h);
        }

        return result;
    }

    private uint Execute(byte* start, ulong[] devices, bool second, out bool flushed)
    {
        var h = _cpu.State;
        Copy((byte*)h, start);
        devices.CopyTo(_outside.Devices, 0);
        foreach (var bus in _buses)
        {
            bus.Begin(second);
        }

        var flushes = Flushes();
        TIsa.RecomputeDerived(h);
        TIsa.SetPc(h, _ops->Pc);
        h->Remaining = Budget;
        var op = _ops;
        do
        {
            op = op->Handler(h, op);
        }
        while (op != null);

        var trap = h->Trap;
        h->Trap = 0;
        h->TrapOp = null;
        if (h->Suspended != 0)
        {
            h->Suspended = 0;
            TIsa.SetPc(h, _ops->Pc);
        }

        TIsa.Settle(h);
        flushed = trap == 0 && Flushes() != flushes;
        return trap;
    }

    private long Flushes()
    {
        long count = 0;
        foreach (var memory in _cpu.Context.PagedMemories)
        {
            count += memory is null ? 0 : memory.Flushes + memory.PageFlushes;
        }

        return count;
    }

    /// <summary>A state structure as a state of the interpreter of the IR, with the given bytes of the buses.</summary>
    private ConcreteState State(byte* structure, ulong[] devices, bool second)
    {
        var state = new ConcreteState(_model);
        foreach (var place in _map.All)
        {
            state[place.Atom, place.Element] = place.Read(structure);
        }

        foreach (var bus in _buses)
        {
            foreach (var address in bus.Touched ?? [])
            {
                state.SetByte(bus.Spec, address, bus.Contents(address, second));
            }
        }

        for (var role = 0; role < devices.Length; role++)
        {
            state.Devices[role] = devices[role];
        }

        return state;
    }

    /// <summary>The case under way as states of the interpreter of the IR: executed once more to see which bytes matter.</summary>
    private WitnessCandidate Candidate(Encoding encoding)
    {
        foreach (var bus in _buses)
        {
            bus.Touched = [];
        }

        Execute();
        var candidate = new WitnessCandidate(encoding.Instruction, State(_reference, _referenceDevices, second: true), State(_guest, _guestDevices, second: false));
        foreach (var bus in _buses)
        {
            bus.Touched = null;
        }

        return candidate;
    }
}
