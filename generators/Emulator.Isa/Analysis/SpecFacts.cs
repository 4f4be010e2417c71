using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Facts about a whole model that analyses and back end share.</summary>
public sealed class SpecFacts
{
    private readonly Dictionary<DecodeVariable, HashSet<StateAtom>> targets = new();
    private readonly HashSet<DecodeVariable> mayBeNone = new();
    private readonly Dictionary<IrFunction, FunctionNeeds> needs;

    public SpecFacts(IsaModel model)
    {
        Model = model;
        needs = new();
        EffectSets = new();
        Drafts = new();
        CollectFunctions();
        CollectReferences();
        Pc = model.Atoms.FirstOrDefault(a => a.IsPc);
        AttentionAtoms = Reads(model.Attention);
        AttentionAtoms.UnionWith(Reads(model.Idle));
        AttentionAtoms.UnionWith(Reads(model.Stopped));
        foreach (MemorySpec memory in model.Memories) PerAtoms.Add(memory, Reads(memory.Per));
        CollectContext();
    }

    /// <summary>Facts about a revision: the same functions and decoding, other bodies.</summary>
    private SpecFacts(SpecFacts facts, IsaModel revision)
    {
        Model = revision;
        Functions = facts.Functions;
        (targets, mayBeNone, needs, EffectSets, Drafts) = (facts.targets, facts.mayBeNone, new(facts.needs), facts.EffectSets, facts.Drafts.Revise(revision));
        (Pc, AttentionAtoms, PerAtoms, Context) = (facts.Pc, facts.AttentionAtoms, facts.PerAtoms, facts.Context);
        HashSet<IrFunction> bodies = CollectBodies();
        foreach (IrFunction former in facts.Bodies)
        {
            if (!bodies.Contains(former)) needs.Remove(former);
        }
        foreach (IrFunction body in Bodies)
        {
            if (!needs.ContainsKey(body)) needs.Add(body, Collect(body));
        }
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

    /// <summary>Registers a decode-time reference may denote.</summary>
    public IReadOnlyCollection<StateAtom> Targets(DecodeVariable variable) => targets.TryGetValue(variable, out HashSet<StateAtom>? set) ? set : Array.Empty<StateAtom>();

    /// <summary>Whether a decode-time reference may be <c>none</c>.</summary>
    public bool MayBeNone(DecodeVariable variable) => mayBeNone.Contains(variable);

    /// <summary>These facts for a revision of the model (<see cref="Binding.Binder.Revise"/>); effects of the new bodies are yet to be computed.</summary>
    internal SpecFacts Revise(IsaModel revision) => new(this, revision);

    /// <summary>What of its instruction a function needs besides its arguments.</summary>
    public FunctionNeeds Needs(IrFunction function) => needs.TryGetValue(function, out FunctionNeeds? n) ? n : FunctionNeeds.None;

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

    /// <summary>Functions called directly by a function, its writes' recomputations included.</summary>
    public IEnumerable<IrFunction> Callees(IrFunction function)
    {
        var found = new List<IrFunction>();
        var groups = new HashSet<DeferredGroup>();
        IrTree.Visit(function.Body, s =>
        {
            switch (s)
            {
                case IrStmt.Call call: found.Add(call.Function); break;
                case IrStmt.WriteGroup write: found.Add(write.Function); break;
                case IrStmt.WriteState write: AfterWrite(write.Atom, found); break;
                case IrStmt.WriteRef write:
                    foreach (StateAtom atom in Targets(write.Variable)) AfterWrite(atom, found);
                    break;
                case IrStmt.Load load: Translation(load.Memory, found); break;
                case IrStmt.Store store: Translation(store.Memory, found); break;
                case IrStmt.LoadForWrite load: Translation(load.Access.Memory, found); break;
            }
        }, e =>
        {
            if (e is IrExpr.Call call) found.Add(call.Function);
            if (e is IrExpr.State { Atom.Group: { } group } && groups.Add(group)) found.AddRange(group.Functions);
        });
        return found.Distinct();
    }

    private static void Translation(MemorySpec memory, List<IrFunction> found)
    {
        if (memory.Translate is not null) found.Add(memory.Translate);
    }

    private static void AfterWrite(StateAtom atom, List<IrFunction> found)
    {
        if (atom.OnWrite is not null) found.Add(atom.OnWrite);
        foreach (StateAtom dependent in Dependents(atom))
        {
            if (dependent.Derived is not null) found.Add(dependent.Derived);
        }
    }

    private void CollectFunctions()
    {
        IsaModel m = Model;
        var seen = new HashSet<IrFunction>();
        var bodies = CollectBodies();
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
            foreach (IrFunction callee in Callees(body)) Add(callee);
        }

        void Add(IrFunction? function)
        {
            if (function is null || bodies.Contains(function) || !seen.Add(function)) return;
            foreach (IrFunction callee in Callees(function)) Add(callee);
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

    private void CollectReferences()
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
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (IrFunction function in Functions.Concat(Bodies))
            {
                FunctionNeeds now = Collect(function);
                if (needs.TryGetValue(function, out FunctionNeeds? old) && old.Count == now.Count) continue;
                needs[function] = now;
                changed = true;
            }
        }
    }

    private void Denote(DecodeVariable variable, IrExpr value)
    {
        IrTree.Visit(value, e =>
        {
            if (e is not IrExpr.MakeRef reference) return;
            if (reference.View is null) mayBeNone.Add(variable);
            else
            {
                if (!targets.TryGetValue(variable, out HashSet<StateAtom>? set)) targets.Add(variable, set = new HashSet<StateAtom>());
                set.Add(reference.View.Array);
            }
        });
    }

    private FunctionNeeds Collect(IrFunction function)
    {
        var result = new FunctionNeeds();
        IrTree.Visit(function.Body, s =>
        {
            if (s is IrStmt.WriteRef write) result.Add(write.Variable);
            if (s is IrStmt.Call call) result.Add(Needs(call.Function));
        }, e =>
        {
            switch (e)
            {
                case IrExpr.Decode decode: result.Add(decode.Variable); break;
                case IrExpr.Ref reference: result.Add(reference.Variable); break;
                case IrExpr.Insn { Property: InsnProperty.Bits } bits: result.Bits = Math.Max(result.Bits, bits.Width); break;
                case IrExpr.Insn: result.Operation = true; break;
                case IrExpr.Call call: result.Add(Needs(call.Function)); break;
            }
        });
        return result;
    }

    private HashSet<StateAtom> Reads(IrFunction? function)
    {
        var atoms = new HashSet<StateAtom>();
        var seen = new HashSet<IrFunction>();
        Add(function);
        return atoms;

        void Add(IrFunction? f)
        {
            if (f is null || !seen.Add(f)) return;
            IrTree.Visit(f.Body, s =>
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
            IrTree.Visit(f.Body, s =>
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
