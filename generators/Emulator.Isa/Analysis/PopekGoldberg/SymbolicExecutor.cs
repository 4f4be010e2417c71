using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// Executes a body on unknown data under known values of some resource bits. Both sides of a branch that data decide are followed and joined again, so the result is one
/// state: every value a function of the inputs. The relocation map is not looked into: its results are addresses, its traps are memory traps.
/// </summary>
internal sealed partial class SymbolicExecutor
{
    private const int MaxDepth = 60;
    private const int MaxSteps = 60_000;
    private const int MaxUnroll = 256;

    private readonly FlowFacts flow;
    private readonly TermFactory terms;
    private readonly IReadOnlyDictionary<StateAtom, BigInteger> known;
    private readonly ImmutableArray<MemorySpec> own;
    private readonly SymbolicRun run = new();
    private readonly List<Guard> guards = new();
    private readonly HashSet<(EffectKind, string, int, string)> noted = new();
    private int depth;
    private int steps;

    private SymbolicExecutor(FlowFacts flow, TermFactory terms, IReadOnlyDictionary<StateAtom, BigInteger> known, ImmutableArray<MemorySpec> own)
    {
        this.flow = flow;
        this.terms = terms;
        this.known = known;
        this.own = own;
    }

    /// <summary>Executes a body.</summary>
    /// <param name="known">Values of scalar states at the start; the rest is unknown.</param>
    /// <param name="assumptions">Conditions known to hold at the start.</param>
    /// <param name="own">Memories whose cached translations are the guest's own: to drop them changes no resource.</param>
    public static SymbolicRun Run(IrFunction body, FlowFacts flow, TermFactory terms, IReadOnlyDictionary<StateAtom, BigInteger> known, ImmutableArray<IrFunction> assumptions,
        ImmutableArray<MemorySpec> own)
    {
        var executor = new SymbolicExecutor(flow, terms, known, own);
        var state = new SymbolicState(flow.Model.Atoms.Count, flow.Model.Memories.Count);
        try
        {
            foreach (IrFunction assumption in assumptions)
            {
                Term holds = executor.Call(assumption, Array.Empty<Term>(), state)![0];
                state.Path = Path.Assume(state.Path, holds, true, terms);
            }
            executor.run.Assumed = state.Path;
            executor.run.Notes.Clear();
            executor.run.Exits.Clear();
            executor.run.MemoryExits.Clear();
            executor.noted.Clear();
            if (executor.Call(body, Array.Empty<Term>(), state) is not null) executor.run.Final = state;
        }
        catch (AnalysisLimitException)
        {
            executor.run.Abandoned = true;
            executor.run.Final = state;
        }
        return executor.run;
    }

    /// <summary>Value of a condition under known states: true, false, or unknown.</summary>
    public static bool? Evaluate(IrFunction condition, FlowFacts flow, IReadOnlyDictionary<StateAtom, BigInteger> known)
    {
        var executor = new SymbolicExecutor(flow, new TermFactory(), known, ImmutableArray<MemorySpec>.Empty);
        var state = new SymbolicState(flow.Model.Atoms.Count, flow.Model.Memories.Count);
        Term result = executor.Call(condition, Array.Empty<Term>(), state)![0];
        return result.IsConst ? result.IsTrue : null;
    }

    /// <summary>Value of a state at the start.</summary>
    public static Term Initial(StateAtom atom, FlowFacts flow, TermFactory terms, IReadOnlyDictionary<StateAtom, BigInteger> known) =>
        !atom.IsArray && known.TryGetValue(atom, out BigInteger value)
            ? terms.Const(value, atom.Width)
            : terms.Symbol(atom, atom.IsArray ? 0 : atom.Width, flow.RoleOf(atom));

    /// <summary>Runs a function in the caller's state; its results, or null when it never returns.</summary>
    private Term[]? Call(IrFunction function, Term[] arguments, SymbolicState state)
    {
        if (flow.IsIntercepted(function))
        {
            // The monitor takes over here; like the data of a memory trap, what leads here neither counts as a trap of the instruction nor shows anything.
            if (run.MemoryExits.Count < 200) run.MemoryExits.Add(state.Path);
            return null;
        }
        if (++depth > MaxDepth) throw new AnalysisLimitException();
        Dictionary<IrLocal, int> positions = flow.Locals(function);
        var frame = new Frame(function, positions);
        Term?[] outer = state.Locals;
        state.Locals = new Term?[positions.Count];
        for (int i = 0; i < arguments.Length; i++) state.Locals[positions[function.Parameters[i]]] = arguments[i];
        bool live = Block(flow.Model.BodyOf(function), state, frame);
        Term[]? results = null;
        if (live && frame.Returns.Count == 0)
        {
            results = Array.Empty<Term>();
        }
        else
        {
            if (live) frame.Returns.Add((state.Clone(), Array.Empty<Term>()));
            if (frame.Returns.Count > 0) results = JoinReturns(frame, state);
        }
        state.Locals = outer;
        depth--;
        return results;
    }

    private Term[] JoinReturns(Frame frame, SymbolicState into)
    {
        List<(SymbolicState State, Term[] Values)> returns = frame.Returns;
        (SymbolicState state, Term[] values) = returns[returns.Count - 1];
        for (int i = returns.Count - 2; i >= 0; i--)
        {
            Path? common = Path.Common(returns[i].State.Path, state.Path);
            Term condition = Path.Since(returns[i].State.Path, common, terms);
            Term[] first = returns[i].Values;
            var merged = new Term[values.Length];
            for (int v = 0; v < merged.Length; v++) merged[v] = terms.Ite(condition, first[v], values[v]);
            SymbolicState joined = returns[i].State;
            Join(condition, joined, state, common);
            (state, values) = (joined, merged);
        }
        into.Take(state);
        return values;
    }

    /// <summary>Makes <paramref name="yes"/> the state that is itself where the condition holds and <paramref name="no"/> elsewhere.</summary>
    private void Join(Term condition, SymbolicState yes, SymbolicState no, Path? common)
    {
        for (int i = 0; i < yes.Atoms.Length; i++)
        {
            if (ReferenceEquals(yes.Atoms[i], no.Atoms[i])) continue;
            StateAtom atom = flow.Model.Atoms[i];
            yes.Atoms[i] = terms.Ite(condition, yes.Atoms[i] ?? Start(atom), no.Atoms[i] ?? Start(atom));
        }
        for (int i = 0; i < yes.Memories.Length; i++)
        {
            if (!ReferenceEquals(yes.Memories[i], no.Memories[i])) yes.Memories[i] = terms.Ite(condition, Contents(yes, i), Contents(no, i));
        }
        for (int i = 0; i < yes.Devices.Length; i++)
        {
            if (!ReferenceEquals(yes.Devices[i], no.Devices[i])) yes.Devices[i] = terms.Ite(condition, Device(yes, i), Device(no, i));
        }
        if (yes.Locals.Length == no.Locals.Length)
        {
            for (int i = 0; i < yes.Locals.Length; i++)
            {
                if (ReferenceEquals(yes.Locals[i], no.Locals[i])) continue;
                // A local declared on one side only is not visible afterwards.
                yes.Locals[i] = yes.Locals[i] is { } a && no.Locals[i] is { } b ? terms.Ite(condition, a, b) : null;
            }
        }
        yes.Lasting |= no.Lasting;
        Term known = terms.Or(Path.Since(yes.Path, common, terms), Path.Since(no.Path, common, terms));
        yes.Path = Path.Assume(common, known, true, terms);
    }

    private Term Start(StateAtom atom) => Initial(atom, flow, terms, known);

    private Term Contents(SymbolicState state, int memory) => state.Memories[memory] ?? terms.Symbol(flow.Model.Memories[memory], 0, ResourceRoles.None);

    /// <summary>State of the machine outside the processor that belongs to role number <paramref name="role"/>.</summary>
    private Term Device(SymbolicState state, int role) => state.Devices[role] ?? terms.Symbol(DeviceKeys[role], 0, (ResourceRoles)(1 << role));

    private static readonly object[] DeviceKeys = { new(), new(), new(), new(), new(), new() };

    private void Note(EffectKind kind, string target, ResourceRoles roles, SourceSpan span)
    {
        if (noted.Count >= 400 || !noted.Add((kind, target, span.Start, span.File))) return;
        run.Notes.Add(new EffectNote(kind, target, roles, span, guards.ToImmutableArray()));
    }

    /// <summary>A value that is known because mode bits are enumerated shows them all the same.</summary>
    private void NoteSources(IrExpr value, string target, IrFunction function, SourceSpan span)
    {
        ImmutableArray<StateAtom> sources = flow.ResourcesOf(value, function);
        if (sources.IsEmpty) return;
        guards.Add(new Guard(span, true, sources));
        Note(EffectKind.ShowsResource, target, sources.Aggregate(ResourceRoles.None, (r, a) => r | flow.RoleOf(a)), span);
        guards.RemoveAt(guards.Count - 1);
    }
}
