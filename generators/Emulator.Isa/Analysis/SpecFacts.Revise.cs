using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <content>Facts about revisions.</content>
public sealed partial class SpecFacts
{
    private HashSet<IrFunction>? declared;

    /// <summary>Facts about a revision: the same declarations and decoding, other bodies.</summary>
    private SpecFacts(SpecFacts former, IsaModel revision, IEnumerable<IrFunction> functions, CancellationToken cancellation)
    {
        Model = revision;
        Changes = new Changes();
        Changes.Code.UnionWith(functions);
        (targets, mayBeNone, Kin) = (former.targets, former.mayBeNone, former.Kin);
        (Pc, AttentionAtoms, PerAtoms, Context) = (former.Pc, former.AttentionAtoms, former.PerAtoms, former.Context);
        (summaries, EffectSets) = (new(former.summaries), new(former.EffectSets));
        foreach (IrFunction function in Changes.Code) summaries.Remove(function);
        CollectFunctions();
        if (Functions.SequenceEqual(former.Functions)) Functions = former.Functions;
        Forget(former);
        FindReaching(former);
        (effects, ends) = (new(former.effects), new(former.ends));
        foreach (IrFunction body in former.Bodies)
        {
            if (summaries.ContainsKey(body)) continue;
            effects.Remove(body);
            ends.Remove(body);
        }
        EffectAnalysis.Revise(this, Changes, cancellation);
        BlockEnds.Revise(this, Changes);
        Drafts = former.Drafts.Revise(this, Changes);
    }

    /// <summary>
    /// Functions on which declarations and decoding depend, with everything they call: derived states, conditions, the code address, what decode code computes with.
    /// </summary>
    /// <param name="decoding">Functions that decode code calls.</param>
    internal HashSet<IrFunction> Declared(IEnumerable<IrFunction> decoding)
    {
        if (declared is not null) return declared;
        var found = new HashSet<IrFunction>();
        var work = new Stack<IrFunction>(decoding.Concat(Model.Atoms.Select(a => a.Derived).Concat(Model.Memories.Select(m => m.Per))
            .Concat(new[] { Model.Decode.CodeAddress, Model.Attention, Model.Idle, Model.Stopped }).OfType<IrFunction>())
            .Concat(Model.Profiles.SelectMany(p => p.Monitor.Concat(p.Guest).Concat(p.Hold))));
        while (work.Count > 0)
        {
            IrFunction function = work.Pop();
            if (!found.Add(function)) continue;
            foreach (IrFunction callee in Summary(function).Callees) work.Push(callee);
        }
        return declared = found;
    }

    /// <summary>These facts for a revision of the model (<see cref="Binding.Binder.Revise"/>): effects and ends of blocks included.</summary>
    /// <param name="functions">The functions that have other bodies in it.</param>
    internal SpecFacts Revise(IsaModel revision, IEnumerable<IrFunction> functions, CancellationToken cancellation) => new(this, revision, functions, cancellation) { declared = declared };

    /// <summary>Drops what was known of bodies that are gone.</summary>
    private void Forget(SpecFacts former)
    {
        var bodies = new HashSet<IrFunction>(Bodies);
        foreach (IrFunction body in former.Bodies)
        {
            if (!bodies.Contains(body)) summaries.Remove(body);
        }
    }

    private void FindReaching(SpecFacts former)
    {
        Changes changes = Changes!;
        var known = new HashSet<IrFunction>(former.Bodies);
        changes.New.UnionWith(Bodies.Where(b => !known.Contains(b)));
        changes.Reaching.UnionWith(Reaching(changes.Code));
        changes.Bodies.UnionWith(changes.New);
        if (changes.Code.Count > 0) changes.Bodies.UnionWith(Bodies.Where(changes.Reaching.Contains));
        changes.Reaching.ExceptWith(Bodies);
    }

    /// <summary>Some functions, and the functions and bodies that call them, however indirectly.</summary>
    internal HashSet<IrFunction> Reaching(HashSet<IrFunction> functions)
    {
        var found = new HashSet<IrFunction>(functions);
        if (found.Count == 0) return found;
        // Callees stand before callers, but where functions call each other in a circle.
        for (int before = -1; before != found.Count;)
        {
            before = found.Count;
            foreach (IrFunction function in Functions)
            {
                if (!found.Contains(function) && Summary(function).Called.Any(found.Contains)) found.Add(function);
            }
        }
        found.UnionWith(Bodies.Where(b => Summary(b).Called.Any(found.Contains)).ToList());
        return found;
    }
}
