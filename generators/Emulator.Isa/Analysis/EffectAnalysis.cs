using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// Computes what every function and body may do, with everything it calls: a fixpoint, since specs may recurse. Memory accesses include their translation, state
/// writes what is recomputed and run after them.
/// </summary>
public static class EffectAnalysis
{
    /// <summary>Sets <see cref="SpecFacts.EffectsOf"/> of every function and body.</summary>
    public static void Run(SpecFacts facts, CancellationToken cancellation = default)
    {
        facts.EffectSets.Clear();
        Functions(facts, facts.Functions, cancellation);
        foreach (IrFunction function in facts.Functions) facts.Set(function, facts.EffectSets[function].ToEffects());
        foreach (IrFunction body in facts.Bodies) facts.Set(body, Of(body, facts).ToEffects());
    }

    /// <summary>The same of what a revision may have changed; tells what does other things now.</summary>
    internal static void Revise(SpecFacts facts, Changes changes, CancellationToken cancellation)
    {
        Functions(facts, facts.Functions.Where(changes.Reaching.Contains).ToList(), cancellation);
        foreach (IrFunction function in changes.Reaching)
        {
            if (Changed(function, facts.EffectSets[function], facts)) changes.Facts.Add(function);
        }
        foreach (IrFunction body in changes.Bodies)
        {
            if (!changes.New.Contains(body) && !facts.Summary(body).Called.Any(changes.Facts.Contains)) continue;
            if (Changed(body, Of(body, facts), facts)) changes.BodyFacts.Add(body);
        }
    }

    /// <summary>Conditions in expressions of decoding and the like: states an expression reads, calls included.</summary>
    public static ImmutableHashSet<StateAtom> Reads(IrExpr expression, SpecFacts facts)
    {
        var atoms = ImmutableHashSet.CreateBuilder<StateAtom>();
        IrTree.Visit(expression, e =>
        {
            if (e is IrExpr.State state) atoms.Add(state.Atom);
            if (e is IrExpr.Call call) atoms.UnionWith(facts.EffectsOf(call.Function).Reads);
        });
        return atoms.ToImmutable();
    }

    /// <summary>Collects the effects of some functions; those of the others are known.</summary>
    private static void Functions(SpecFacts facts, IReadOnlyList<IrFunction> functions, CancellationToken cancellation)
    {
        foreach (IrFunction function in functions)
        {
            var set = new EffectSet();
            set.Add(facts.Summary(function).Effects);
            facts.EffectSets[function] = set;
        }
        bool changed = true;
        while (changed)
        {
            changed = false;
            cancellation.ThrowIfCancellationRequested();
            foreach (IrFunction function in functions)
            {
                EffectSet set = facts.EffectSets[function];
                int before = set.Count;
                Include(function, set, facts);
                changed |= set.Count != before;
            }
        }
    }

    private static EffectSet Of(IrFunction body, SpecFacts facts)
    {
        var set = new EffectSet();
        set.Add(facts.Summary(body).Effects);
        Include(body, set, facts);
        return set;
    }

    private static void Include(IrFunction function, EffectSet set, SpecFacts facts)
    {
        foreach (IrFunction callee in facts.Summary(function).Called)
        {
            if (facts.EffectSets.TryGetValue(callee, out EffectSet? other)) set.Add(other);
        }
    }

    private static bool Changed(IrFunction function, EffectSet set, SpecFacts facts)
    {
        if (set.SameAs(facts.EffectsOf(function))) return false;
        facts.Set(function, set.ToEffects());
        return true;
    }
}
