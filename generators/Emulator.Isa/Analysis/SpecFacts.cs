using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Facts about a whole model that analyses and back end share.</summary>
public sealed partial class SpecFacts
{
    private readonly Dictionary<DecodeVariable, HashSet<StateAtom>> targets;
    private readonly HashSet<DecodeVariable> mayBeNone;
    private readonly Dictionary<IrFunction, BodySummary> summaries;
    private readonly Dictionary<IrFunction, Effects> effects;
    private readonly Dictionary<IrFunction, BlockEnd> ends;

    public SpecFacts(IsaModel model)
    {
        Model = model;
        (targets, mayBeNone, summaries, effects, ends, EffectSets, Drafts, Kin) = (new(), new(), new(), new(), new(), new(), new(), new());
        CollectTargets();
        CollectFunctions();
        Pc = model.Atoms.FirstOrDefault(a => a.IsPc);
        AttentionAtoms = Reads(model.Attention);
        AttentionAtoms.UnionWith(Reads(model.Idle));
        AttentionAtoms.UnionWith(Reads(model.Stopped));
        foreach (MemorySpec memory in model.Memories) PerAtoms.Add(memory, Reads(memory.Per));
        CollectContext();
    }

    public IsaModel Model { get; }

    public StateAtom? Pc { get; }

    /// <summary>Every function reachable from anywhere (bodies not included), callees before callers where there is no recursion, in a fixed order.</summary>
    public List<IrFunction> Functions { get; } = new();

    /// <summary>Every distinct body.</summary>
    public List<IrFunction> Bodies { get; } = new();

    /// <summary>States the conditions `attention`, `idle` and `stopped` read.</summary>
    public HashSet<StateAtom> AttentionAtoms { get; }

    /// <summary>States the `per` expression of each memory reads.</summary>
    public Dictionary<MemorySpec, HashSet<StateAtom>> PerAtoms { get; } = new();

    /// <summary>What decoding and the code-address function read: a state and an element (-1: every one), in a fixed order.</summary>
    public List<(StateAtom Atom, int Index)> Context { get; } = new();

    /// <summary>Effects of the functions, as <see cref="EffectAnalysis"/> collects them.</summary>
    internal Dictionary<IrFunction, EffectSet> EffectSets { get; }

    /// <summary>What was derived and generated for single forms and bodies.</summary>
    internal Drafts Drafts { get; }

    /// <summary>The same for facts about revisions of the same model.</summary>
    internal object Kin { get; }

    /// <summary>What the revision that these facts are about changed; null for a model that was bound anew.</summary>
    internal Changes? Changes { get; }

    /// <summary>Registers a decode-time reference may denote.</summary>
    public IReadOnlyCollection<StateAtom> Targets(DecodeVariable variable) => targets.TryGetValue(variable, out HashSet<StateAtom>? set) ? set : Array.Empty<StateAtom>();

    /// <summary>Whether a decode-time reference may be <c>none</c>.</summary>
    public bool MayBeNone(DecodeVariable variable) => mayBeNone.Contains(variable);

    /// <summary>What a function or body may do, with everything it calls (<see cref="EffectAnalysis"/>).</summary>
    public Effects EffectsOf(IrFunction function) => effects.TryGetValue(function, out Effects? known) ? known : Effects.None;

    /// <summary>Whether a variant must be the last of a block (<see cref="BlockEnds"/>); see isa/README.md section 9.</summary>
    public bool EndsBlock(VariantModel variant) => EndOf(variant.Body).Ends;

    /// <summary>Whether a variant always says where execution goes on.</summary>
    public bool AlwaysJumps(VariantModel variant) => EndOf(variant.Body).Jumps;

    internal BlockEnd EndOf(IrFunction body) => ends.TryGetValue(body, out BlockEnd end) ? end : default;

    internal void Set(IrFunction function, Effects does) => effects[function] = does;

    internal void Set(IrFunction body, BlockEnd end) => ends[body] = end;

    /// <summary>What a function or body of the model tells by itself.</summary>
    internal BodySummary Summary(IrFunction function)
    {
        if (!summaries.TryGetValue(function, out BodySummary? summary)) summaries.Add(function, summary = BodySummary.Of(function, Model.BodyOf(function), this));
        return summary;
    }

    /// <summary>Derived states to recompute after a write to a state, in order.</summary>
    public static IEnumerable<StateAtom> Dependents(StateAtom atom)
    {
        var seen = new HashSet<StateAtom>();
        var order = new List<StateAtom>();
        Add(atom);
        return order;

        void Add(StateAtom a)
        {
            foreach (StateAtom dependent in a.Dependents)
            {
                if (seen.Add(dependent)) order.Add(dependent);
            }
            foreach (StateAtom dependent in a.Dependents.ToArray())
            {
                if (!ReferenceEquals(dependent, atom) && dependent.Dependents.Count > 0) Add2(dependent);
            }
        }

        void Add2(StateAtom a)
        {
            foreach (StateAtom dependent in a.Dependents)
            {
                if (!seen.Add(dependent)) continue;
                order.Add(dependent);
                Add2(dependent);
            }
        }
    }

    private void CollectFunctions()
    {
        IsaModel m = Model;
        var seen = new HashSet<IrFunction>();
        HashSet<IrFunction> bodies = CollectBodies();
        foreach (IrFunction function in m.Functions) Add(function);
        foreach (IrFunction function in m.Externs) Add(function);
        foreach (StateAtom atom in m.Atoms)
        {
            Add(atom.Derived);
            Add(atom.OnWrite);
        }
        foreach (MemorySpec memory in m.Memories)
        {
            Add(memory.Translate);
            Add(memory.Per);
        }
        foreach (DeferredGroup group in m.Groups) group.Functions.ForEach(Add);
        foreach (IrFunction? hook in new[] { m.OnTrap, m.OnBoundary, m.OnReset, m.Attention, m.Idle, m.Stopped, m.Decode.CodeAddress }) Add(hook);
        foreach (ProfileModel profile in m.Profiles)
        {
            foreach (IrFunction condition in profile.Monitor.Concat(profile.Guest).Concat(profile.Hold)) Add(condition);
        }
        foreach (IrFunction body in Bodies)
        {
            foreach (IrFunction callee in Summary(body).Callees) Add(callee);
        }

        void Add(IrFunction? function)
        {
            if (function is null || bodies.Contains(function) || !seen.Add(function)) return;
            foreach (IrFunction callee in Summary(function).Callees) Add(callee);
            Functions.Add(function);
        }
    }

    private HashSet<IrFunction> CollectBodies()
    {
        var bodies = new HashSet<IrFunction>();
        foreach (VariantModel variant in Model.Variants)
        {
            if (bodies.Add(variant.Body)) Bodies.Add(variant.Body);
        }
        return bodies;
    }

    private void CollectTargets()
    {
        DecodeModel decode = Model.Decode;
        foreach (IrStmt.Block block in decode.Procedures.Values.Concat(decode.Prefixes.Values))
        {
            IrTree.Visit(block, s =>
            {
                if (s is IrStmt.SetDecode set) Denote(set.Variable, set.Value);
            }, null);
        }
        foreach (DecodeVariable variable in decode.Variables.Where(v => v.IsRef))
        {
            if (variable.Initial is null) mayBeNone.Add(variable);
            else Denote(variable, variable.Initial);
        }
        foreach (FormModel form in decode.Forms)
        {
            foreach (FormCase @case in form.Cases)
            {
                foreach (AlternativeModel alternative in @case.Operands.SelectMany(o => o.Alternatives))
                {
                    if (alternative is { Slot: { } slot, DecodeValue: { } value }) Denote(slot, value);
                }
            }
        }
    }

    private void Denote(DecodeVariable variable, IrExpr value)
    {
        if (IrTree.Any(value, e => e is IrExpr.MakeRef { View: null })) mayBeNone.Add(variable);
        foreach (StateAtom atom in Denoted(value))
        {
            if (!targets.TryGetValue(variable, out HashSet<StateAtom>? set)) targets.Add(variable, set = new HashSet<StateAtom>());
            set.Add(atom);
        }
    }

    /// <summary>Registers that a value of decoding may refer to.</summary>
    internal static IEnumerable<StateAtom> Denoted(IrExpr value) => IrWalker.All(value).OfType<IrExpr.MakeRef>().Select(r => r.View?.Array).OfType<StateAtom>();

    private HashSet<StateAtom> Reads(IrFunction? function)
    {
        var atoms = new HashSet<StateAtom>();
        var seen = new HashSet<IrFunction>();
        Add(function);
        return atoms;

        void Add(IrFunction? f)
        {
            if (f is null || !seen.Add(f)) return;
            IrTree.Visit(Model.BodyOf(f), s =>
            {
                if (s is IrStmt.Call call) Add(call.Function);
            }, e =>
            {
                if (e is IrExpr.State state)
                {
                    // What a derived state was computed from changes it; its own recomputation tells.
                    atoms.Add(state.Atom);
                }
                if (e is IrExpr.Call call) Add(call.Function);
            });
        }
    }

    private void CollectContext()
    {
        var all = new HashSet<StateAtom>();
        var elements = new HashSet<(StateAtom, int)>();
        var seen = new HashSet<IrFunction>();
        foreach (DecodeVariable variable in Model.Decode.Variables)
        {
            if (variable.Initial is not null) Expression(variable.Initial);
        }
        foreach (IrStmt.Block block in Model.Decode.Procedures.Values.Concat(Model.Decode.Prefixes.Values)) IrTree.Visit(block, null, One);
        foreach ((IrExpr when, IrStmt.Reject trap) in Model.Decode.Rejects)
        {
            Expression(when);
            IrTree.Visit(trap, null, One);
        }
        foreach (FormModel form in Model.Decode.Forms)
        {
            if (form.When is not null) Expression(form.When);
        }
        Function(Model.Decode.CodeAddress);
        foreach (StateAtom atom in Model.Decode.Context)
        {
            if (!elements.Any(e => e.Item1 == atom)) all.Add(atom);
        }
        foreach (StateAtom atom in Model.Atoms)
        {
            if (atom.IsPc) continue;
            if (all.Contains(atom) || (!atom.IsArray && elements.Contains((atom, -1)))) Context.Add((atom, -1));
            else Context.AddRange(elements.Where(e => e.Item1 == atom).OrderBy(e => e.Item2));
        }

        void Function(IrFunction? f)
        {
            if (f is null || !seen.Add(f)) return;
            IrTree.Visit(Model.BodyOf(f), s =>
            {
                if (s is IrStmt.Call call) Function(call.Function);
            }, One);
        }

        void Expression(IrExpr e) => IrTree.Visit(e, One);

        void One(IrExpr e)
        {
            if (e is IrExpr.Call call) Function(call.Function);
            if (e is not IrExpr.State state) return;
            if (!state.Atom.IsArray) elements.Add((state.Atom, -1));
            else if (state.Index is IrExpr.Const c) elements.Add((state.Atom, (int)c.Value));
            else all.Add(state.Atom);
        }
    }
}
