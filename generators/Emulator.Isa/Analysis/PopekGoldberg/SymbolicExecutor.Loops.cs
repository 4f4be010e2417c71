using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

internal sealed partial class SymbolicExecutor
{
    /// <summary>
    /// Loops whose conditions are known are unrolled. Otherwise the first turn is followed exactly and the later ones all at once: what they may change becomes an unknown
    /// function of everything they may read.
    /// </summary>
    private bool While(IrStmt.While loop, SymbolicState state, Frame frame)
    {
        for (int turn = 0; turn < MaxUnroll; turn++)
        {
            if (!Block(loop.Header, state, frame)) return false;
            Term condition = Eval(loop.Condition, state, frame);
            bool? decided = Path.Decide(condition, state.Path);
            if (decided == false) return true;
            if (decided == true)
            {
                if (!Block(loop.Body, state, frame)) return false;
                continue;
            }
            Path? before = state.Path;
            SymbolicState leaving = state.Clone();
            leaving.Path = Path.Assume(before, condition, false, terms);
            state.Path = Path.Assume(before, condition, true, terms);
            bool live = Block(loop.Body, state, frame) && LaterTurns(loop, state, frame);
            if (live) Join(condition, state, leaving, before);
            else state.Take(leaving);
            return true;
        }
        throw new AnalysisLimitException();
    }

    /// <summary>Zero or more further turns; whether the loop may end.</summary>
    private bool LaterTurns(IrStmt.While loop, SymbolicState state, Frame frame)
    {
        Forget(loop, state, frame);
        if (!Block(loop.Header, state, frame)) return false;
        Term condition = Eval(loop.Condition, state, frame);
        bool? decided = Path.Decide(condition, state.Path);
        if (decided == false) return true;
        SymbolicState turn = state.Clone();
        turn.Path = Path.Assume(state.Path, condition, true, terms);
        Block(loop.Body, turn, frame);
        state.Lasting |= turn.Lasting;
        state.Path = Path.Assume(state.Path, condition, false, terms);
        return decided != true;
    }

    private bool For(IrStmt.For loop, SymbolicState state, Frame frame)
    {
        Term from = Eval(loop.From, state, frame);
        Term to = Eval(loop.To, state, frame);
        int variable = frame.Positions[loop.Variable];
        if (from.IsConst && to.IsConst && to.Value - from.Value < MaxUnroll)
        {
            for (BigInteger i = from.Value; i <= to.Value; i++)
            {
                state.Locals[variable] = terms.Const(i, loop.Variable.Width);
                if (!Block(loop.Body, state, frame)) return false;
            }
            return true;
        }
        Term runs = terms.Binary(IrBinary.ULe, from, to, 1);
        Path? before = state.Path;
        SymbolicState skipping = state.Clone();
        skipping.Path = Path.Assume(before, runs, false, terms);
        state.Path = Path.Assume(before, runs, true, terms);
        Forget(loop, state, frame);
        state.Locals[variable] = terms.Opaque(loop, -1, loop.Variable.Width, new[] { from, to });
        SymbolicState turn = state.Clone();
        Block(loop.Body, turn, frame);
        state.Lasting |= turn.Lasting;
        Join(runs, state, skipping, before);
        return true;
    }

    /// <summary>Replaces what a loop may change by an unknown function of what it may read.</summary>
    private void Forget(IrStmt loop, SymbolicState state, Frame frame)
    {
        FlowSets set = flow.Of(loop);
        var assigned = new HashSet<IrLocal>();
        var inputs = new List<Term>();
        var inside = new HashSet<IrLocal>();
        IrTree.Visit(loop, s =>
        {
            if (s is IrStmt.Set { Declare: false } set) assigned.Add(set.Variable);
            else inside.UnionWith(FlowFacts.Assigned(s));
        }, null);
        // What a turn declares is gone when the next one begins.
        foreach (IrLocal local in inside) state.Locals[frame.Positions[local]] = null;
        IrTree.Visit(loop, null, e =>
        {
            if (e is IrExpr.Local l && state.Locals[frame.Positions[l.Variable]] is { } value) inputs.Add(value);
        });
        foreach (StateAtom atom in set.Reads.Concat(set.Writes).Distinct().OrderBy(a => a.Index))
        {
            if (atom.Derived is null) inputs.Add(state.Atoms[atom.Index] ?? Start(atom));
        }
        foreach (MemorySpec memory in set.Loads.Concat(set.Stores).Distinct().OrderBy(m => m.Index)) inputs.Add(Contents(state, memory.Index));
        if (set.Externs.Count > 0)
        {
            for (int role = 0; role < 6; role++) inputs.Add(Device(state, role));
        }
        foreach (DecodeVariable variable in set.Decodes.OrderBy(v => v.Name, StringComparer.Ordinal)) inputs.Add(terms.Symbol(variable, variable.Width, ResourceRoles.None));
        Term[] all = inputs.ToArray();
        foreach (IrLocal local in assigned)
        {
            int position = frame.Positions[local];
            if (state.Locals[position] is not null) state.Locals[position] = terms.Opaque(loop, position, local.Width, all);
        }
        int number = frame.Positions.Count;
        foreach (StateAtom atom in set.Writes)
        {
            if (atom.Derived is null) state.Atoms[atom.Index] = terms.Opaque(loop, number + atom.Index, atom.IsArray ? 0 : atom.Width, all);
        }
        number += flow.Model.Atoms.Count;
        foreach (MemorySpec memory in set.Stores.Concat(set.Loads.Where(flow.IsDevice)).Distinct())
        {
            ResourceRoles roles = flow.IsDevice(memory) ? ResourceRoles.Io : ResourceRoles.None;
            state.Memories[memory.Index] = terms.Opaque(loop, number + memory.Index, 0, all, roles);
        }
        if (set.Flushes) ChangeDevice(1, loop, all, state);
        foreach (IrFunction external in set.Externs)
        {
            ResourceRoles writes = external.Extern!.Declared ? external.Extern.Writes.Aggregate(ResourceRoles.None, (r, n) => r | RoleNames.Parse(n)) : ResourceRoles.All;
            for (int role = 0; role < 6; role++)
            {
                if (((ResourceRoles)(1 << role) & writes) != 0) ChangeDevice(role, loop, all, state);
            }
        }
    }
}
