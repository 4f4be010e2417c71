using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What the derivation asks about the functions of a model, each answered once: how state flows, where the relocation map begins.</summary>
internal sealed class FlowFacts
{
    private readonly Dictionary<IrFunction, FlowSets> sets = new();
    private readonly Dictionary<IrFunction, Dictionary<IrLocal, int>> locals = new();
    private readonly Dictionary<IrFunction, Dictionary<IrLocal, ImmutableHashSet<StateAtom>>> sources = new();
    private readonly Dictionary<IrExpr, ImmutableArray<StateAtom>> resources = new(ReferenceComparer.Instance);
    private readonly Dictionary<IrFunction, ImmutableArray<MemorySpec>> mappedBy = new();
    private readonly HashSet<IrFunction> maps;
    private readonly HashSet<MemorySpec> mapped;
    private readonly ResourceRoles[] roles;
    private readonly HashSet<IrFunction> intercepted;

    /// <param name="profile">What decides which states are the guest's own, and therefore no resources, and which functions are intercepted.</param>
    public FlowFacts(IsaModel model, SpecFacts facts, ProfileModel profile, CancellationToken cancellation)
    {
        Own = profile.Own;
        intercepted = new HashSet<IrFunction>(facts.Functions.Where(profile.Intercept));
        roles = model.Atoms.Select(a => profile.Own.Contains(a) ? ResourceRoles.None : RoleNames.Parse(a.Role)).ToArray();
        Model = model;
        Facts = facts;
        maps = Maps();
        mapped = Mapped();
        Collect(facts.Functions, cancellation);
    }

    /// <summary>The same of a revision: what is known of functions and bodies that it did not change stays.</summary>
    /// <param name="code">Functions with other bodies, none as a rule.</param>
    /// <param name="reaching">Those and the functions and bodies that call them, however indirectly.</param>
    private FlowFacts(FlowFacts former, IsaModel model, SpecFacts facts, HashSet<IrFunction> code, HashSet<IrFunction> reaching, CancellationToken cancellation)
    {
        Model = model;
        Facts = facts;
        (Own, roles, intercepted) = (former.Own, former.roles, former.intercepted);
        if (code.Count == 0)
        {
            (sets, locals, sources, resources, mappedBy, maps) = (former.sets, former.locals, former.sources, former.resources, former.mappedBy, former.maps);
            mapped = Mapped();
            return;
        }
        maps = Maps();
        foreach (var pair in former.mappedBy) Keep(mappedBy, pair, code);
        mapped = Mapped();
        foreach (var pair in former.locals) Keep(locals, pair, code);
        foreach (var pair in former.sources) Keep(sources, pair, reaching);
        foreach (var pair in former.sets) Keep(sets, pair, reaching);
        Collect(facts.Functions.Where(reaching.Contains).ToList(), cancellation);
    }

    private static void Keep<T>(Dictionary<IrFunction, T> kept, KeyValuePair<IrFunction, T> known, HashSet<IrFunction> except)
    {
        if (!except.Contains(known.Key)) kept.Add(known.Key, known.Value);
    }

    private HashSet<IrFunction> Maps()
    {
        var found = new HashSet<IrFunction>(Facts.Functions.Where(f => f.IsAddressMap && !Facts.EffectsOf(f).IsPure));
        foreach (MemorySpec memory in Model.Memories)
        {
            if (memory.Translate is { } translate) found.Add(translate);
        }
        if (Model.Decode.CodeAddress is { } code) found.Add(code);
        return found;
    }

    private void Collect(IReadOnlyList<IrFunction> functions, CancellationToken cancellation)
    {
        foreach (IrFunction function in functions) sets.Add(function, new FlowSets());
        bool changed = true;
        while (changed)
        {
            cancellation.ThrowIfCancellationRequested();
            changed = false;
            foreach (IrFunction function in functions)
            {
                FlowSets set = sets[function];
                int before = set.Count;
                Collect(Model.BodyOf(function), function.Extern is null ? null : function, set);
                changed |= set.Count != before;
            }
        }
    }

    public IsaModel Model { get; }

    public SpecFacts Facts { get; }

    /// <summary>States that are the guest's own.</summary>
    public ImmutableHashSet<StateAtom> Own { get; }

    /// <summary>Whether all that a profile says of states and functions is what these facts are about.</summary>
    public bool Fits(ProfileModel profile) => Own.SetEquals(profile.Own) && intercepted.SetEquals(Facts.Functions.Where(profile.Intercept));

    /// <summary>Whether calling a function hands control to the monitor.</summary>
    public bool IsIntercepted(IrFunction function) => intercepted.Contains(function);

    /// <summary>The role of a state; none for user state.</summary>
    public ResourceRoles RoleOf(StateAtom atom) => roles[atom.Index];

    public bool IsResource(StateAtom atom) => roles[atom.Index] != ResourceRoles.None;

    /// <summary>What holds of a revision of the model; null where other buses lie behind the map, or the map is another, on which everything may depend.</summary>
    /// <param name="code">Functions with other bodies, none as a rule.</param>
    /// <param name="reaching">Those and the functions and bodies that call them, however indirectly.</param>
    public FlowFacts? Revise(IsaModel model, SpecFacts facts, HashSet<IrFunction> code, HashSet<IrFunction> reaching, CancellationToken cancellation)
    {
        var revision = new FlowFacts(this, model, facts, code, reaching, cancellation);
        return revision.mapped.SetEquals(mapped) && revision.maps.SetEquals(maps) ? revision : null;
    }

    /// <summary>The buses that a relocation map leads to.</summary>
    private HashSet<MemorySpec> Mapped()
    {
        var found = new HashSet<MemorySpec>(Model.Memories.Select(m => m.Over).OfType<MemorySpec>());
        foreach (IrFunction function in Facts.Functions.Concat(Facts.Bodies))
        {
            if (!mappedBy.TryGetValue(function, out ImmutableArray<MemorySpec> buses)) mappedBy.Add(function, buses = Mapped(function));
            foreach (MemorySpec bus in buses) found.Add(bus);
        }
        return found;
    }

    private ImmutableArray<MemorySpec> Mapped(IrFunction function)
    {
        var found = new HashSet<MemorySpec>();
        IrTree.Visit(Model.BodyOf(function), s =>
        {
            if (s is IrStmt.Load { Mapped: true, Memory: { IsBus: true } m }) found.Add(m);
            if (s is IrStmt.Store { Mapped: true, Memory: { IsBus: true } n }) found.Add(n);
        }, null);
        return found.ToImmutableArray();
    }

    /// <summary>Whether calls of the function are the relocation map: an address map's, a paged memory's translation, the code address.</summary>
    public bool IsMap(IrFunction function) => maps.Contains(function);

    /// <summary>Whether a bus is storage that a relocation map leads to.</summary>
    public bool IsBehindMap(MemorySpec bus) => mapped.Contains(bus);

    /// <summary>Whether a bus is neither storage nor behind a map: devices.</summary>
    public bool IsDevice(MemorySpec memory) => memory.IsBus && !mapped.Contains(memory) && !ReferenceEquals(memory, Model.Decode.FetchMemory);

    public FlowSets Of(IrFunction function)
    {
        if (sets.TryGetValue(function, out FlowSets? set)) return set;
        sets.Add(function, set = new FlowSets());
        Collect(Model.BodyOf(function), function.Extern is null ? null : function, set);
        return set;
    }

    /// <summary>What the statements of a loop do.</summary>
    public FlowSets Of(IrStmt statement)
    {
        var set = new FlowSets();
        Collect(statement, null, set);
        return set;
    }

    /// <summary>Positions of a function's locals in its frame.</summary>
    public Dictionary<IrLocal, int> Locals(IrFunction function)
    {
        if (locals.TryGetValue(function, out Dictionary<IrLocal, int>? map)) return map;
        map = new Dictionary<IrLocal, int>();
        foreach (IrLocal parameter in function.Parameters) Add(parameter);
        IrTree.Visit(Model.BodyOf(function), s =>
        {
            foreach (IrLocal local in Assigned(s)) Add(local);
        }, e =>
        {
            if (e is IrExpr.Local l) Add(l.Variable);
        });
        locals.Add(function, map);
        return map;

        void Add(IrLocal local)
        {
            if (!map.ContainsKey(local)) map.Add(local, map.Count);
        }
    }

    /// <summary>Locals a statement itself gives a value.</summary>
    public static IEnumerable<IrLocal> Assigned(IrStmt statement) => statement switch
    {
        IrStmt.Set s => new[] { s.Variable },
        IrStmt.Call s => s.Results.OfType<IrLocal>(),
        IrStmt.Load s => new[] { s.Result },
        IrStmt.LoadForWrite s => new[] { s.Result },
        IrStmt.For s => new[] { s.Variable },
        _ => Enumerable.Empty<IrLocal>(),
    };

    /// <summary>Resource state an expression of a function reads, through its locals and calls.</summary>
    public ImmutableArray<StateAtom> ResourcesOf(IrExpr condition, IrFunction function)
    {
        if (resources.TryGetValue(condition, out ImmutableArray<StateAtom> known)) return known;
        known = Atoms(condition, Sources(function)).OrderBy(a => a.Index).ToImmutableArray();
        resources.Add(condition, known);
        return known;
    }

    private Dictionary<IrLocal, ImmutableHashSet<StateAtom>> Sources(IrFunction function)
    {
        if (sources.TryGetValue(function, out Dictionary<IrLocal, ImmutableHashSet<StateAtom>>? map)) return map;
        map = new Dictionary<IrLocal, ImmutableHashSet<StateAtom>>();
        sources.Add(function, map);
        IrTree.Visit(Model.BodyOf(function), s =>
        {
            ImmutableHashSet<StateAtom> atoms = s switch
            {
                IrStmt.Set set => Atoms(set.Value, map),
                IrStmt.Call call when !IsMap(call.Function) => call.Arguments.Aggregate(Of(call.Function).Reads.Where(IsResource).ToImmutableHashSet(), (a, e) => a.Union(Atoms(e, map))),
                IrStmt.Load load => Atoms(load.Address, map),
                _ => ImmutableHashSet<StateAtom>.Empty,
            };
            if (atoms.IsEmpty) return;
            foreach (IrLocal local in Assigned(s)) map[local] = map.TryGetValue(local, out ImmutableHashSet<StateAtom>? old) ? old.Union(atoms) : atoms;
        }, null);
        return map;
    }

    private ImmutableHashSet<StateAtom> Atoms(IrExpr expression, Dictionary<IrLocal, ImmutableHashSet<StateAtom>> map)
    {
        ImmutableHashSet<StateAtom> atoms = ImmutableHashSet<StateAtom>.Empty;
        IrTree.Visit(expression, e =>
        {
            switch (e)
            {
                case IrExpr.State s when IsResource(s.Atom): atoms = atoms.Add(s.Atom); break;
                case IrExpr.Local l when map.TryGetValue(l.Variable, out ImmutableHashSet<StateAtom>? more): atoms = atoms.Union(more); break;
                case IrExpr.Call c when !IsMap(c.Function): atoms = atoms.Union(Of(c.Function).Reads.Where(IsResource)); break;
            }
        });
        return atoms;
    }

    private void Collect(IrStmt statement, IrFunction? external, FlowSets set)
    {
        if (external is not null)
        {
            if (external.Extern!.IsPure) return;
            set.Externs.Add(external);
            set.Traps.UnionWith(external.Extern.Raises);
            return;
        }
        IrTree.Visit(statement, s =>
        {
            switch (s)
            {
                case IrStmt.Call call: Include(call.Function, set); break;
                case IrStmt.WriteState write: Write(write.Atom, set); break;
                case IrStmt.WriteRef write:
                    set.Decodes.Add(write.Variable);
                    foreach (StateAtom atom in Facts.Targets(write.Variable)) Write(atom, set);
                    break;
                case IrStmt.WriteGroup write:
                    Include(write.Function, set);
                    foreach (StateAtom field in write.Group.Fields) Write(field, set);
                    break;
                case IrStmt.Load load: set.Loads.Add(load.Memory); break;
                case IrStmt.Store store: set.Stores.Add(store.Memory); break;
                case IrStmt.LoadForWrite load: set.Loads.Add(load.Access.Memory); break;
                case IrStmt.StoreBack store: set.Stores.Add(store.Access.Memory); break;
                case IrStmt.Raise raise: set.Traps.Add(raise.Trap); break;
                case IrStmt.Flush: set.Flushes = true; break;
            }
        }, e =>
        {
            switch (e)
            {
                case IrExpr.State state: Read(state.Atom, set); break;
                case IrExpr.Decode decode: set.Decodes.Add(decode.Variable); break;
                case IrExpr.Ref reference:
                    set.Decodes.Add(reference.Variable);
                    foreach (StateAtom atom in Facts.Targets(reference.Variable)) set.Reads.Add(atom);
                    break;
                case IrExpr.Call call: Include(call.Function, set); break;
            }
        });
    }

    private void Read(StateAtom atom, FlowSets set)
    {
        if (atom.Derived is { } derived) Include(derived, set);
        else set.Reads.Add(atom);
    }

    private void Write(StateAtom atom, FlowSets set)
    {
        set.Writes.Add(atom);
        if (atom.OnWrite is { } code) Include(code, set);
    }

    private void Include(IrFunction function, FlowSets set)
    {
        if (IsMap(function))
        {
            set.Maps = true;
            // The map's own bookkeeping is user-visible state to the rest; what it does to resources is its business.
            set.Writes.UnionWith(Facts.EffectsOf(function).Writes.Where(a => !IsResource(a) && a.Derived is null));
            return;
        }
        if (sets.TryGetValue(function, out FlowSets? other)) set.Add(other);
    }

    /// <summary>Expressions are told apart by where they stand, not by what they say.</summary>
    private sealed class ReferenceComparer : IEqualityComparer<IrExpr>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(IrExpr? x, IrExpr? y) => ReferenceEquals(x, y);

        public int GetHashCode(IrExpr x) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(x);
    }
}
