using System.Collections.Immutable;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

internal sealed partial class SymbolicExecutor
{
    /// <summary>Executes statements; whether control gets past them.</summary>
    private bool Block(IrStmt.Block block, SymbolicState state, Frame frame)
    {
        foreach (IrStmt statement in block.Statements)
        {
            if (!Statement(statement, state, frame)) return false;
        }
        return true;
    }

    private bool Statement(IrStmt statement, SymbolicState state, Frame frame)
    {
        if (++steps > MaxSteps) throw new AnalysisLimitException();
        switch (statement)
        {
            case IrStmt.Block b: return Block(b, state, frame);
            case IrStmt.Set s:
                state.Locals[frame.Positions[s.Variable]] = Eval(s.Value, state, frame);
                return true;
            case IrStmt.Call s: return CallStatement(s, state, frame);
            case IrStmt.WriteState s:
                if (!flow.IsResource(s.Atom)) NoteSources(s.Value, s.Atom.Name, frame.Function, s.Span);
                WriteAtom(s.Atom, s.Index is null ? null : Eval(s.Index, state, frame), Eval(s.Value, state, frame), state, s.Span);
                return true;
            case IrStmt.WriteRef s:
                NoteSources(s.Value, "destination", frame.Function, s.Span);
                WriteReference(s.Variable, Eval(s.Value, state, frame), state, s.Span);
                return true;
            case IrStmt.WriteGroup s:
                Term[] arguments = EvalAll(s.Arguments, state, frame);
                for (int i = 0; i < s.Group.Fields.Count; i++)
                {
                    StateAtom field = s.Group.Fields[i];
                    WriteAtom(field, null, terms.Opaque(s.Function, i, field.Width, arguments), state, s.Span);
                }
                return true;
            case IrStmt.Load s:
                state.Locals[frame.Positions[s.Result]] = Load(s.Memory, Address(s.Address, s.Mapped, state, frame), s.Mapped, s.Result.Width, state, s.Span);
                return true;
            case IrStmt.Store s:
                NoteSources(s.Value, s.Memory.Name, frame.Function, s.Span);
                Store(s.Memory, Address(s.Address, s.Mapped, state, frame), s.Mapped, Eval(s.Value, state, frame), state, s.Span);
                return true;
            case IrStmt.LoadForWrite s:
                Term at = Address(s.Address, s.Mapped, state, frame);
                frame.Accesses[s.Access] = (at, s.Mapped);
                state.Locals[frame.Positions[s.Result]] = Load(s.Access.Memory, at, s.Mapped, s.Result.Width, state, s.Span);
                return true;
            case IrStmt.StoreBack s:
                NoteSources(s.Value, s.Access.Memory.Name, frame.Function, s.Span);
                (Term place, bool mapped) = frame.Accesses[s.Access];
                Store(s.Access.Memory, place, mapped, Eval(s.Value, state, frame), state, s.Span);
                return true;
            case IrStmt.If s: return If(s, state, frame);
            case IrStmt.While s: return While(s, state, frame);
            case IrStmt.For s: return For(s, state, frame);
            case IrStmt.Raise s:
                Raise(s.Trap, state, s.Span);
                return false;
            case IrStmt.Return s:
                frame.Returns.Add((state.Clone(), EvalAll(s.Values, state, frame)));
                return false;
            case IrStmt.Flush s when own.Contains(s.Memory):
                return true;
            case IrStmt.Flush s:
                Term flushed = s.Address is null ? terms.True : Eval(s.Address, state, frame);
                ChangeDevice(1, s.Memory, new[] { flushed }, state);
                Note(EffectKind.FlushesTranslations, s.Memory.Name, ResourceRoles.Relocation, s.Span);
                return true;
            case IrStmt.Commit:
                state.Lasting = true;
                return true;
            default:
                // Ignored marks a write that stands beside it as a condition; decode statements do not occur in bodies.
                return true;
        }
    }

    private void ChangeDevice(int role, object key, Term[] arguments, SymbolicState state)
    {
        state.Devices[role] = terms.Opaque(key, -1, 0, arguments.Prepend(Device(state, role)).ToArray());
        state.Lasting = true;
    }

    private bool If(IrStmt.If s, SymbolicState state, Frame frame)
    {
        Term condition = Eval(s.Condition, state, frame);
        bool? decided = Path.Decide(condition, state.Path);
        ImmutableArray<StateAtom> resources = flow.ResourcesOf(s.Condition, frame.Function);
        bool relevant = !resources.IsEmpty || condition.IsResource;
        if (decided is { } known)
        {
            if (relevant) guards.Add(new Guard(s.Condition is { } && !s.Span.Equals(SourceSpan.None) ? s.Span : frame.Function.Span, known, resources));
            bool passed = Block(known ? s.Then : s.Else, state, frame);
            if (relevant) guards.RemoveAt(guards.Count - 1);
            return passed;
        }
        SymbolicState no = state.Clone();
        Path? before = state.Path;
        state.Path = Path.Assume(before, condition, true, terms);
        no.Path = Path.Assume(before, condition, false, terms);
        if (relevant) guards.Add(new Guard(s.Span, true, resources));
        bool liveYes = Block(s.Then, state, frame);
        if (relevant) guards[guards.Count - 1] = guards[guards.Count - 1] with { Holds = false };
        bool liveNo = Block(s.Else, no, frame);
        if (relevant) guards.RemoveAt(guards.Count - 1);
        if (liveYes && liveNo) Join(condition, state, no, before);
        else if (liveNo) state.Take(no);
        return liveYes || liveNo;
    }

    private void Raise(TrapSpec trap, SymbolicState state, SourceSpan span)
    {
        if (trap.Kind == "memory")
        {
            if (run.MemoryExits.Count < 200) run.MemoryExits.Add(state.Path);
            return;
        }
        run.Exits.Add(new TrapExit(trap, state.Path, state.Lasting, LastingChanges(state), span, guards.ToImmutableArray()));
        if (run.Exits.Count > 2000) throw new AnalysisLimitException();
    }

    /// <summary>Roles of what a trap does not roll back: `keep` state and the machine outside.</summary>
    private ResourceRoles LastingChanges(SymbolicState state)
    {
        ResourceRoles roles = ResourceRoles.None;
        if (!state.Lasting) return roles;
        foreach (StateAtom atom in flow.Model.Atoms)
        {
            if (atom.Keep && flow.IsResource(atom) && state.Atoms[atom.Index] is { } now && !ReferenceEquals(now, Start(atom))) roles |= flow.RoleOf(atom);
        }
        for (int role = 0; role < 6; role++)
        {
            if (state.Devices[role] is not null) roles |= (ResourceRoles)(1 << role);
        }
        return roles;
    }

    private bool CallStatement(IrStmt.Call s, SymbolicState state, Frame frame)
    {
        Term[] arguments = EvalAll(s.Arguments, state, frame);
        Term[]? results;
        if (s.Function.Extern is { } external) results = CallExtern(s.Function, external, arguments, state, s.Span);
        else if (flow.IsMap(s.Function)) results = CallMap(s.Function, arguments, state);
        else if (flow.Of(s.Function).IsPure && CanStayOpaque(arguments)) results = OpaqueResults(s.Function, arguments);
        else results = Call(s.Function, arguments, state);
        if (results is null) return false;
        for (int i = 0; i < s.Results.Length && i < results.Length; i++)
        {
            if (s.Results[i] is { } local) state.Locals[frame.Positions[local]] = results[i];
        }
        return true;
    }

    /// <summary>A pure function of plain data need not be looked into: equal arguments give equal results.</summary>
    private static bool CanStayOpaque(Term[] arguments) => arguments.Length > 0 && Array.TrueForAll(arguments, a => !a.IsConst && !a.IsResource);

    private Term[] OpaqueResults(IrFunction function, Term[] arguments)
    {
        var results = new Term[function.Results.Length];
        for (int i = 0; i < results.Length; i++) results[i] = terms.Opaque(function, i, function.Results[i].Width, arguments);
        return results;
    }

    /// <summary>The relocation map: its result is an address, and what it keeps for itself follows from its arguments.</summary>
    private Term[] CallMap(IrFunction function, Term[] arguments, SymbolicState state)
    {
        foreach (StateAtom atom in flow.Facts.EffectsOf(function).Writes)
        {
            if (flow.IsResource(atom) || atom.Derived is not null) continue;
            Term old = state.Atoms[atom.Index] ?? Start(atom);
            state.Atoms[atom.Index] = terms.Opaque(function, -1 - atom.Index, old.Width, arguments.Prepend(old).ToArray());
        }
        var results = new Term[function.Results.Length];
        for (int i = 0; i < results.Length; i++) results[i] = terms.Map(function, i, function.Results[i].Width, arguments);
        return results;
    }

    private Term[] CallExtern(IrFunction function, ExternSpec external, Term[] arguments, SymbolicState state, SourceSpan span)
    {
        ResourceRoles reads = external.Reads.Aggregate(ResourceRoles.None, (r, name) => r | RoleNames.Parse(name));
        ResourceRoles writes = external.Writes.Aggregate(ResourceRoles.None, (r, name) => r | RoleNames.Parse(name));
        if (!external.Declared)
        {
            // Reported; until it is declared it may do anything.
            run.Undeclared.Add(function);
            reads = writes = ResourceRoles.All;
        }
        var inputs = new List<Term>(arguments);
        for (int role = 0; role < 6; role++)
        {
            if (((ResourceRoles)(1 << role) & (reads | writes)) != 0) inputs.Add(Device(state, role));
        }
        Term[] all = inputs.ToArray();
        if ((reads | writes) != ResourceRoles.None) Note(EffectKind.CallsMachine, external.Name, reads | writes, span);
        foreach (TrapSpec trap in external.Raises)
        {
            SymbolicState raising = state.Clone();
            Term raises = terms.Opaque(external, trap.Index, 1, all, reads);
            raising.Path = Path.Assume(state.Path, raises, true, terms);
            Raise(trap, raising, span);
            state.Path = Path.Assume(state.Path, raises, false, terms);
        }
        for (int role = 0; role < 6; role++)
        {
            if (((ResourceRoles)(1 << role) & writes) != 0) ChangeDevice(role, external, all, state);
        }
        var results = new Term[function.Results.Length];
        for (int i = 0; i < results.Length; i++) results[i] = terms.Opaque(function, i, function.Results[i].Width, all, reads);
        return results;
    }
}
