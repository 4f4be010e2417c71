using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Interpretation;

/// <summary>
/// Executes IR on known values, as the language reference says and as plainly as possible: no caches, no deferred groups, every address translated anew. A second opinion
/// on generated code, and what witnesses are checked with.
/// </summary>
public sealed partial class IrInterpreter
{
    private const int MaxSteps = 20_000;

    private readonly IsaModel model;
    private readonly SpecFacts facts;
    private readonly HashSet<IrFunction> maps;
    private readonly Dictionary<IrStmt.If, bool> gates = new(ReferenceComparer.Instance);
    private ConcreteState state;
    private ConcreteState saved;
    private DecodedInstruction? instruction;
    private TrapSpec? trap;
    private ImmutableArray<BigInteger> trapArguments;
    private bool trapInMap;
    private int mapDepth;
    private int steps;
    private int depth;
    private int progress;

    public IrInterpreter(IsaModel model, SpecFacts facts)
    {
        this.model = model;
        this.facts = facts;
        state = saved = new ConcreteState(model);
        maps = new HashSet<IrFunction>(facts.Functions.Where(f => f.IsAddressMap));
        foreach (MemorySpec memory in model.Memories)
        {
            if (memory.Translate is { } translate) maps.Add(translate);
        }
        if (model.Decode.CodeAddress is { } code) maps.Add(code);
    }

    /// <summary>The profile whose intercepts of procedures hold: an execution that calls one ends there and counts as exhausted. Null for none.</summary>
    public ProfileModel? Profile { get; set; }

    /// <summary>Elements of states read or written, in order, by the last execution.</summary>
    public List<(StateAtom Atom, int Index)> AtomsTouched { get; } = new();

    /// <summary>Bytes of buses read or written, in order, by the last execution.</summary>
    public List<(MemorySpec Bus, BigInteger Address)> BytesTouched { get; } = new();

    /// <summary>Elements of states the relocation map read in the last execution.</summary>
    public HashSet<(StateAtom Atom, int Index)> MapAtoms { get; } = new();

    /// <summary>Bytes the last execution accessed through the relocation map, or that the map itself read.</summary>
    public HashSet<(MemorySpec Bus, BigInteger Address)> MappedBytes { get; } = new();

    /// <summary>
    /// What the relocation map made of which arguments in the last execution: two executions see the same storage only where it made the same of it.
    /// </summary>
    public Dictionary<(object Map, BigInteger Arguments), BigInteger> MapResults { get; } = new();

    /// <summary>Executes a decoded instruction; the state becomes what it leaves.</summary>
    public ExecutionResult Execute(DecodedInstruction decoded, ConcreteState machine)
    {
        Begin(machine);
        instruction = decoded;
        StateAtom? pc = facts.Pc;
        if (pc is not null) machine[pc] = decoded.Pc + decoded.Length;
        saved = machine.Clone();
        if (pc is not null) saved[pc] = decoded.Pc;
        Flow flow = Block(model.BodyOf(decoded.Variant.Body), new Dictionary<IrLocal, BigInteger>());
        bool exhausted = steps > MaxSteps || depth > 200;
        if (flow == Flow.Trap && !exhausted)
        {
            machine.RollBack(saved);
            if (pc is not null && trap!.Class == "trap") machine[pc] = decoded.Pc + decoded.Length;
        }
        return new ExecutionResult(flow == Flow.Trap ? trap : null, trapArguments, trapInMap, exhausted, progress);
    }

    /// <summary>Value of a condition on the state.</summary>
    public bool Holds(IrFunction condition, ConcreteState machine)
    {
        Begin(machine);
        instruction = null;
        Call(condition, Array.Empty<BigInteger>(), out BigInteger[] results);
        return results.Length > 0 && !results[0].IsZero;
    }

    /// <summary>Value of a decode expression over a state (initial values of axes).</summary>
    internal BigInteger Value(IrExpr expression, ConcreteState machine)
    {
        Begin(machine);
        instruction = null;
        return Eval(expression, new Dictionary<IrLocal, BigInteger>());
    }

    /// <summary>Result of a pure function.</summary>
    internal BigInteger Pure(IrFunction function, BigInteger[] arguments)
    {
        Begin(state);
        Call(function, arguments, out BigInteger[] results);
        return results.Length > 0 ? results[0] : BigInteger.Zero;
    }

    private void Begin(ConcreteState machine)
    {
        state = machine;
        trap = null;
        trapArguments = ImmutableArray<BigInteger>.Empty;
        trapInMap = false;
        mapDepth = steps = depth = progress = 0;
        AtomsTouched.Clear();
        BytesTouched.Clear();
        MapAtoms.Clear();
        MappedBytes.Clear();
        MapResults.Clear();
    }

    private Flow Call(IrFunction function, BigInteger[] arguments, out BigInteger[] results)
    {
        if (function.Extern is { } external)
        {
            results = Extern(function, external, arguments);
            return Flow.Next;
        }
        results = returned = Array.Empty<BigInteger>();
        if (Profile is { } profile && profile.Intercept(function))
        {
            steps = MaxSteps + 1;
            return Flow.Trap;
        }
        bool map = maps.Contains(function);
        if (map) mapDepth++;
        if (++depth > 200) steps = MaxSteps + 1;
        var locals = new Dictionary<IrLocal, BigInteger>();
        for (int i = 0; i < arguments.Length; i++) locals[function.Parameters[i]] = arguments[i];
        Flow flow = Block(model.BodyOf(function), locals);
        results = returned;
        if (flow == Flow.Trap) return flow;
        depth--;
        if (map) mapDepth--;
        if (map && mapDepth == 0 && results.Length > 0) MapResults[(function, arguments.Aggregate(BigInteger.Zero, (all, a) => (all << 128) | a))] = results[0];
        return Flow.Next;
    }

    private BigInteger[] returned = Array.Empty<BigInteger>();

    /// <summary>The machine outside: what an extern returns is a fixed function of its arguments and of the devices it reads.</summary>
    private BigInteger[] Extern(IrFunction function, ExternSpec external, BigInteger[] arguments)
    {
        if (external.IsPure && PureLibrary.Call(function, arguments) is { } computed) return computed;
        ulong seed = 0;
        foreach (BigInteger argument in arguments) seed = OutsideAnswer.Next(seed, (ulong)(argument & ulong.MaxValue));
        for (int role = 0; role < 6; role++)
        {
            string name = PopekGoldberg.RoleNames.Of((PopekGoldberg.ResourceRoles)(1 << role)).Single();
            if (external.Reads.Contains(name)) seed = OutsideAnswer.Next(seed, (ulong)(state.Devices[role] & ulong.MaxValue));
            if (external.Writes.Contains(name)) state.Devices[role] = (state.Devices[role] + seed + 1) & ulong.MaxValue;
        }
        return function.Results.Select(r => IrMath.Wrap(OutsideAnswer.Of(seed), r.Width)).ToArray();
    }

    private Flow Raise(IrStmt.Raise raise, Dictionary<IrLocal, BigInteger> locals)
    {
        trapArguments = raise.Arguments.Select(a => Eval(a, locals)).ToImmutableArray();
        trap = raise.Trap;
        trapInMap = mapDepth > 0 || raise.Trap.Kind == "memory";
        return Flow.Trap;
    }

    private sealed class ReferenceComparer : IEqualityComparer<IrStmt.If>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(IrStmt.If? x, IrStmt.If? y) => ReferenceEquals(x, y);

        public int GetHashCode(IrStmt.If x) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(x);
    }
}
