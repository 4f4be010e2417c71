using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Analysis.Interpretation;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;
using Emulator.Replay.Check;
using Emulator.Runtime;

namespace Emulator.Replay;

/// <summary>The generated CPU of an ISA as something that takes a state with known values, executes one instruction and says what it left.</summary>
/// <remarks>The instruction's bytes go to the generated decoder and its handler is called, without a fetch: as with the interpreter of the IR, fetching is not part of what is compared.
/// Traps are not delivered.</remarks>
public sealed unsafe class GeneratedMachine<TIsa> : IReplayMachine
    where TIsa : struct, IIsa
{
    // More than any instruction repeats; a restartable one that would go on for longer suspends and is exhausted.
    private const long Budget = 1L << 40;
    private const int MaxResumptions = 20_000;

    private readonly IsaModel _model;
    private readonly SpecFacts _facts;
    private readonly IsaMetadata _metadata;
    private readonly Type _externs;
    private readonly OutsideMachine _outside = new();
    private readonly Cpu<TIsa> _cpu;
    private readonly Dictionary<string, SparseBus> _buses;
    private readonly List<(StateAtom Atom, StateInfo State, int Part)> _atoms = [];

    /// <param name="model">The bound spec the CPU was generated from.</param>
    /// <param name="facts">Facts about it.</param>
    /// <param name="metadata">The CPU's metadata.</param>
    /// <param name="externs">The generated externs class.</param>
    /// <exception cref="InvalidOperationException">The CPU was generated from another version of the spec.</exception>
    public GeneratedMachine(IsaModel model, SpecFacts facts, IsaMetadata metadata, Type externs)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(externs);
        (_model, _facts, _metadata, _externs) = (model, facts, metadata, externs);
        if (model.Decode.Forms.Count != metadata.Forms.Count || model.Variants.Count != metadata.VariantForms.Count || !model.Atoms.Select(a => a.Name.Split('.')[0]).Distinct()
            .SequenceEqual(metadata.States.Select(s => s.Name)) || model.Traps.Count != metadata.Traps.Count)
        {
            throw new InvalidOperationException($"the CPU in this build was generated from another version of the spec of {model.Name}: build again");
        }

        _buses = model.Memories.Where(m => m.IsBus).ToDictionary(m => m.Name, m => new SparseBus(m));
        _cpu = new Cpu<TIsa>(new CpuOptions { Buses = _buses.ToDictionary(b => b.Key, b => (Bus)b.Value), Externs = OutsideExterns.Create(externs, model, _outside), CodeCacheSize = 1 << 16 });
        var states = metadata.States.ToDictionary(s => s.Name);
        foreach (var group in model.Atoms.GroupBy(a => a.Name.Split('.')[0]))
        {
            // Metadata lists the parts of a state in the order of the model.
            var part = 0;
            foreach (var atom in group)
            {
                _atoms.Add((atom, states[group.Key], part++));
            }
        }
    }

    /// <summary>Executes both runs of a witness again, on the generated CPU.</summary>
    public Witness Replay(Witness witness)
    {
        ArgumentNullException.ThrowIfNull(witness);
        return witness with { ReferenceRun = Execute(witness.Instruction, witness.Guest, witness.Reference), GuestRun = Execute(witness.Instruction, witness.Guest, witness.Guest) };
    }

    /// <inheritdoc/>
    public ProfileCheck Check(ProfileVerdict verdict, CheckOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(options);
        using var check = new RandomCheck<TIsa>(this, _model, _facts, _metadata, _externs, verdict, options);
        return check.Run(cancellation);
    }

    /// <summary>Executes one instruction.</summary>
    /// <param name="instruction">What; its bytes are decoded again.</param>
    /// <param name="decoding">The state in which they are: decoding belongs to fetching.</param>
    /// <param name="start">The state before; it is not changed.</param>
    /// <exception cref="InvalidOperationException">The generated decoder takes the bytes for another form.</exception>
    public WitnessRun Execute(DecodedInstruction instruction, ConcreteState decoding, ConcreteState start)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentNullException.ThrowIfNull(decoding);
        ArgumentNullException.ThrowIfNull(start);
        var h = _cpu.State;
        var ops = stackalloc DecodedOp[2];
        Load(decoding);
        Decode(instruction, ops);
        Load(start);
        TIsa.SetPc(h, ops->Pc);
        var flushes = Flushes();
        var exhausted = Call(h, ops);
        TrapSpec? trap = null;
        ImmutableArray<BigInteger> arguments = [];
        if (h->Trap != 0)
        {
            trap = _model.Traps[(int)h->Trap - 1];
            arguments = [.. new BigInteger[] { h->TrapA, h->TrapB }.Take(trap.Parameters.Count())];
            TIsa.SetPc(h, TIsa.ClassOf((int)h->Trap - 1) == TrapClass.Trap ? ops[1].Pc : ops[0].Pc);
            h->Trap = 0;
        }

        h->TrapOp = null;
        var final = Store(start);

        // A handler that rolls back also drops translations made of what it takes back, which leaves the map as it was: after a trap the count says nothing.
        final.Flushes = start.Flushes + (trap is null ? (int)(Flushes() - flushes) : 0);
        return new WitnessRun(new ExecutionResult(trap, arguments, trap?.Kind == "memory", exhausted, 0), final);
    }

    /// <inheritdoc/>
    public void Dispose() => _cpu.Dispose();

    /// <summary>Control goes on behind the instruction.</summary>
    private static DecodedOp* End(CpuHeader* h, DecodedOp* op)
    {
        TIsa.SetPc(h, op->Pc);
        return null;
    }

    private static bool Call(CpuHeader* h, DecodedOp* first)
    {
        for (var n = 0; n < MaxResumptions; n++)
        {
            h->Remaining = Budget;
            var op = first;
            do
            {
                op = op->Handler(h, op);
            }
            while (op != null);

            if (h->Suspended == 0)
            {
                return false;
            }

            h->Suspended = 0;
            TIsa.SetPc(h, first->Pc);
        }

        return true;
    }

    private void Decode(DecodedInstruction instruction, DecodedOp* ops)
    {
        var h = _cpu.State;
        var pc = (ulong)instruction.Pc;
        ops[0] = ops[1] = default;
        fixed (byte* bytes = instruction.Bytes.AsSpan())
        {
            var length = TIsa.Decode(h, bytes, instruction.Length, pc, ops);
            if (length != instruction.Length || _metadata.VariantForms[ops->Variant] != instruction.Variant.Form.Index)
            {
                h->Trap = 0;
                throw new InvalidOperationException($"the decoder does not take {Convert.ToHexString(instruction.Bytes.AsSpan())} for {instruction.Variant.Form.Instruction.Name} {instruction.Variant.Form.Text} ({length} bytes)");
            }
        }

        ops[1].Handler = &End;
        ops[1].Pc = pc + (ulong)instruction.Length;
        ops[1].Index = 1;
    }

    private void Load(ConcreteState state)
    {
        _cpu.Reset();
        foreach (var (atom, info, part) in _atoms)
        {
            for (var i = 0; i < Math.Max(1, atom.Count); i++)
            {
                if (atom.Derived is null && i != atom.HardWiredZero)
                {
                    StateAccess.Write<TIsa>(_cpu.State, info, part, i, (UInt128)state[atom, i]);
                }
            }
        }

        foreach (var bus in _buses.Values)
        {
            bus.Load(state);
        }

        for (var role = 0; role < _outside.Devices.Length; role++)
        {
            _outside.Devices[role] = (ulong)(state.Devices[role] & ulong.MaxValue);
        }

        _cpu.StateChanged();
        _cpu.FlushTranslations();
    }

    private ConcreteState Store(ConcreteState start)
    {
        var state = start.Clone();
        foreach (var (atom, info, part) in _atoms)
        {
            for (var i = 0; i < Math.Max(1, atom.Count); i++)
            {
                if (i != atom.HardWiredZero)
                {
                    state[atom, i] = StateAccess.Read<TIsa>(_cpu.State, info, part, i);
                }
            }
        }

        foreach (var bus in _buses.Values)
        {
            bus.Store(state);
        }

        for (var role = 0; role < _outside.Devices.Length; role++)
        {
            state.Devices[role] = _outside.Devices[role];
        }

        return state;
    }

    private long Flushes() => _cpu.Context.PagedMemories.Sum(m => m is null ? 0 : m.Flushes + m.PageFlushes);
}
