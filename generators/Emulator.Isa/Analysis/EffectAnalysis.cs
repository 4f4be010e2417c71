using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// Computes what every function and body may do, with everything it calls: a fixpoint, since specs may recurse. Memory accesses include their translation, state
/// writes what is recomputed and run after them.
/// </summary>
public static class EffectAnalysis
{
    /// <summary>Sets <see cref="IrFunction.Effects"/> of every function and body.</summary>
    public static void Run(SpecFacts facts, CancellationToken cancellation = default)
    {
        var sets = facts.EffectSets;
        sets.Clear();
        foreach (IrFunction function in facts.Functions) sets.Add(function, new EffectSet());
        bool changed = true;
        while (changed)
        {
            changed = false;
            cancellation.ThrowIfCancellationRequested();
            foreach (IrFunction function in facts.Functions)
            {
                EffectSet set = sets[function];
                int before = set.Count;
                Collect(function, set, sets, facts);
                changed |= set.Count != before;
            }
        }
        foreach (IrFunction function in facts.Functions) function.Effects = sets[function].ToEffects();
        Run(facts, facts.Bodies, cancellation);
    }

    /// <summary>The same for some bodies; those of the functions are computed.</summary>
    internal static void Run(SpecFacts facts, IEnumerable<IrFunction> bodies, CancellationToken cancellation)
    {
        foreach (IrFunction body in bodies)
        {
            cancellation.ThrowIfCancellationRequested();
            var set = new EffectSet();
            Collect(body, set, facts.EffectSets, facts);
            body.Effects = set.ToEffects();
        }
    }

    /// <summary>Conditions in expressions of decoding and the like: states an expression reads, calls included.</summary>
    public static ImmutableHashSet<StateAtom> Reads(IrExpr expression)
    {
        var atoms = ImmutableHashSet.CreateBuilder<StateAtom>();
        IrTree.Visit(expression, e =>
        {
            if (e is IrExpr.State state) atoms.Add(state.Atom);
            if (e is IrExpr.Call call) atoms.UnionWith(call.Function.Effects.Reads);
        });
        return atoms.ToImmutable();
    }

    private static void Collect(IrFunction function, EffectSet set, Dictionary<IrFunction, EffectSet> sets, SpecFacts facts)
    {
        if (function.Extern is { } external)
        {
            if (external.IsPure) return;
            set.Externs.Add(external);
            set.Traps.UnionWith(external.Raises);
            return;
        }
        IrTree.Visit(function.Body, s => Statement(s, set, sets, facts), e => Expression(e, set, sets));
    }

    private static void Expression(IrExpr e, EffectSet set, Dictionary<IrFunction, EffectSet> sets)
    {
        switch (e)
        {
            case IrExpr.State state: set.Reads.Add(state.Atom); break;
            case IrExpr.Ref: set.ReadsRefs = true; break;
            case IrExpr.Call call: Include(call.Function, set, sets); break;
        }
    }

    private static void Statement(IrStmt s, EffectSet set, Dictionary<IrFunction, EffectSet> sets, SpecFacts facts)
    {
        switch (s)
        {
            case IrStmt.Call call: Include(call.Function, set, sets); break;
            case IrStmt.WriteState write: Write(write.Atom, set, sets); break;
            case IrStmt.WriteRef write:
                set.WritesRefs = true;
                foreach (StateAtom atom in facts.Targets(write.Variable)) AfterWrite(atom, set, sets);
                break;
            case IrStmt.WriteGroup write:
                Include(write.Function, set, sets);
                foreach (StateAtom field in write.Group.Fields) Write(field, set, sets);
                break;
            case IrStmt.Load load: Access(load.Memory, set.Loads, set, sets); break;
            case IrStmt.Store store: Access(store.Memory, set.Stores, set, sets); break;
            case IrStmt.LoadForWrite load:
                Access(load.Access.Memory, set.Loads, set, sets);
                set.Stores.Add(load.Access.Memory);
                break;
            case IrStmt.StoreBack store: set.Stores.Add(store.Access.Memory); break;
            case IrStmt.Raise raise: set.Traps.Add(raise.Trap); break;
            case IrStmt.Flush flush: set.Flushes.Add(flush.Memory); break;
            case IrStmt.Commit: set.Commits = true; break;
        }
    }

    private static void Write(StateAtom atom, EffectSet set, Dictionary<IrFunction, EffectSet> sets)
    {
        set.Writes.Add(atom);
        AfterWrite(atom, set, sets);
    }

    private static void AfterWrite(StateAtom atom, EffectSet set, Dictionary<IrFunction, EffectSet> sets)
    {
        Include(atom.OnWrite, set, sets);
        foreach (StateAtom dependent in SpecFacts.Dependents(atom))
        {
            set.Writes.Add(dependent);
            Include(dependent.Derived, set, sets);
        }
    }

    private static void Access(MemorySpec memory, HashSet<MemorySpec> kind, EffectSet set, Dictionary<IrFunction, EffectSet> sets)
    {
        kind.Add(memory);
        Include(memory.Translate, set, sets);
    }

    private static void Include(IrFunction? function, EffectSet set, Dictionary<IrFunction, EffectSet> sets)
    {
        if (function is not null && sets.TryGetValue(function, out EffectSet? other)) set.Add(other);
    }
}
