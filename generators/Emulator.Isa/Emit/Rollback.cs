using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>
/// Finds what a body may have written when a trap ends it: that must be put back. A key is a <see cref="StateAtom"/> with an element (-1: all of them), a
/// <see cref="DeferredGroup"/>, or the <see cref="DecodeVariable"/> a register is written through.
/// </summary>
internal sealed class Rollback
{
    private readonly SpecFacts facts;
    private readonly bool withPc;
    private readonly Dictionary<IrFunction, HashSet<(object Key, int Element)>> before = new();

    /// <param name="withPc">Whether the pc counts as state: between instructions it does, within one the engine sets it.</param>
    public Rollback(SpecFacts facts, bool withPc)
    {
        this.facts = facts;
        this.withPc = withPc;
        Find(facts.Functions);
    }

    private Rollback(Rollback former, SpecFacts facts, Changes changes)
    {
        this.facts = facts;
        withPc = former.withPc;
        foreach (IrFunction function in facts.Functions)
        {
            if (!changes.Reaching.Contains(function)) before.Add(function, former.before[function]);
        }
        Find(facts.Functions.Where(changes.Reaching.Contains).ToList());
    }

    /// <summary>The same of a revision.</summary>
    /// <param name="differ">Takes the functions of which it says something else.</param>
    public Rollback Revise(SpecFacts facts, Changes changes, HashSet<IrFunction> differ)
    {
        var revised = new Rollback(this, facts, changes);
        foreach (IrFunction function in changes.Reaching)
        {
            if (!revised.before[function].SetEquals(before[function])) differ.Add(function);
        }
        return revised;
    }

    private void Find(IReadOnlyList<IrFunction> functions)
    {
        foreach (IrFunction function in functions) before.Add(function, new());
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (IrFunction function in functions)
            {
                int count = before[function].Count;
                Walk(facts.Model.BodyOf(function), new(), before[function]);
                changed |= before[function].Count != count;
            }
        }
    }

    /// <summary>What must be saved before a body runs, in a fixed order.</summary>
    public List<(object Key, int Element)> Saved(IrStmt.Block body)
    {
        var keys = new HashSet<(object Key, int Element)>();
        Walk(body, new(), keys);
        return keys.Where(k => k.Element < 0 || !keys.Contains((k.Key, -1))).OrderBy(Order).ThenBy(k => k.Element).ToList();
    }

    private static string Order((object Key, int Element) key) => key.Key switch
    {
        StateAtom atom => "1" + atom.Index.ToString("D5", System.Globalization.CultureInfo.InvariantCulture),
        DeferredGroup group => "2" + group.Name,
        _ => "3" + key.Key,
    };

    /// <summary>Whether a call may end with a trap pending.</summary>
    public static bool MayTrap(SpecFacts facts, IrFunction function) =>
        facts.EffectsOf(function) is var effects && (effects.MayTrap || effects.Loads.Concat(effects.Stores).Any(m => !m.IsBus));

    private void Walk(IrStmt statement, HashSet<(object, int)> written, HashSet<(object, int)> saved)
    {
        switch (statement)
        {
            case IrStmt.Block block:
                foreach (IrStmt inner in block.Statements) Walk(inner, written, saved);
                break;
            case IrStmt.If s:
                var other = new HashSet<(object, int)>(written);
                Walk(s.Then, written, saved);
                Walk(s.Else, other, saved);
                written.UnionWith(other);
                break;
            case IrStmt.While s:
                for (int i = 0; i < 2; i++)
                {
                    Walk(s.Header, written, saved);
                    Walk(s.Body, written, saved);
                }
                break;
            case IrStmt.For s:
                for (int i = 0; i < 2; i++) Walk(s.Body, written, saved);
                break;
            case IrStmt.Raise: saved.UnionWith(written); break;
            case IrStmt.Load { Memory.IsBus: false } or IrStmt.Store { Memory.IsBus: false } or IrStmt.LoadForWrite { Access.Memory.IsBus: false }: saved.UnionWith(written); break;
            case IrStmt.Commit: written.Clear(); break;
            case IrStmt.WriteState s: Write(s.Atom, s.Index is IrExpr.Const c ? (int)c.Value : -1, written); break;
            case IrStmt.WriteRef s:
                written.Add((s.Variable, -1));
                foreach (StateAtom atom in facts.Targets(s.Variable)) AfterWrite(atom, written);
                break;
            case IrStmt.WriteGroup s:
                written.Add((s.Group, -1));
                foreach (StateAtom field in s.Group.Fields) AfterWrite(field, written);
                break;
            case IrStmt.Call s:
                if (MayTrap(facts, s.Function))
                {
                    saved.UnionWith(written);
                    if (before.TryGetValue(s.Function, out var inside)) saved.UnionWith(inside);
                }
                foreach (StateAtom atom in facts.EffectsOf(s.Function).Writes) Add(atom, -1, written);
                break;
        }
    }

    private void Write(StateAtom atom, int element, HashSet<(object, int)> written)
    {
        Add(atom, atom.IsArray ? element : -1, written);
        AfterWrite(atom, written);
    }

    private void AfterWrite(StateAtom atom, HashSet<(object, int)> written)
    {
        foreach (StateAtom dependent in SpecFacts.Dependents(atom)) Add(dependent, -1, written);
        if (atom.OnWrite is not null)
        {
            foreach (StateAtom other in facts.EffectsOf(atom.OnWrite).Writes) Add(other, -1, written);
        }
    }

    private void Add(StateAtom atom, int element, HashSet<(object, int)> written)
    {
        if (atom.Keep || (atom.IsPc && !withPc)) return;
        if (atom.Group is not null) written.Add((atom.Group, -1));
        else written.Add((atom, element));
    }
}
