using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>What one look at a body tells of it by itself. Analyses that follow calls work on these, so that a revision looks at changed bodies alone.</summary>
internal sealed class BodySummary
{
    private readonly List<IrFunction> callees = new();
    private readonly List<IrFunction> called = new();

    private BodySummary()
    {
    }

    /// <summary>Functions it calls directly, in order: recomputations after its writes, translations of its memory accesses and the functions of groups it reads included.</summary>
    public IReadOnlyList<IrFunction> Callees => callees;

    /// <summary>The same without those of groups it reads: what a field was assigned from is of no concern to who reads it.</summary>
    public IReadOnlyList<IrFunction> Called => called;

    /// <summary>What it does itself.</summary>
    public EffectSet Effects { get; } = new();

    /// <summary>Looks at a body.</summary>
    public static BodySummary Of(IrFunction function, IrStmt.Block body, SpecFacts facts)
    {
        var summary = new BodySummary();
        if (function.Extern is { IsPure: false } external)
        {
            summary.Effects.Externs.Add(external);
            summary.Effects.Traps.UnionWith(external.Raises);
        }
        if (function.Extern is null) new Walk(summary, facts).Run(body);
        return summary;
    }

    private sealed class Walk(BodySummary summary, SpecFacts facts)
    {
        private readonly HashSet<IrFunction> seen = new();
        private readonly HashSet<IrFunction> calls = new();
        private readonly HashSet<DeferredGroup> groups = new();
        private readonly EffectSet effects = summary.Effects;

        public void Run(IrStmt.Block body) => IrTree.Visit(body, Statement, Expression);

        private void Statement(IrStmt s)
        {
            switch (s)
            {
                case IrStmt.Call call: Call(call.Function); break;
                case IrStmt.WriteState write: Write(write.Atom); break;
                case IrStmt.WriteRef write:
                    effects.WritesRefs = true;
                    foreach (StateAtom atom in facts.Targets(write.Variable)) AfterWrite(atom);
                    break;
                case IrStmt.WriteGroup write:
                    Call(write.Function);
                    foreach (StateAtom field in write.Group.Fields) Write(field);
                    break;
                case IrStmt.Load load: Access(load.Memory, effects.Loads); break;
                case IrStmt.Store store: Access(store.Memory, effects.Stores); break;
                case IrStmt.LoadForWrite load:
                    Access(load.Access.Memory, effects.Loads);
                    effects.Stores.Add(load.Access.Memory);
                    break;
                case IrStmt.StoreBack store: effects.Stores.Add(store.Access.Memory); break;
                case IrStmt.Raise raise: effects.Traps.Add(raise.Trap); break;
                case IrStmt.Flush flush: effects.Flushes.Add(flush.Memory); break;
                case IrStmt.Commit: effects.Commits = true; break;
            }
        }

        private void Expression(IrExpr e)
        {
            switch (e)
            {
                case IrExpr.State state:
                    effects.Reads.Add(state.Atom);
                    if (state.Atom.Group is not { } group || !groups.Add(group)) break;
                    foreach (IrFunction function in group.Functions)
                    {
                        if (seen.Add(function)) summary.callees.Add(function);
                    }
                    break;
                case IrExpr.Ref: effects.ReadsRefs = true; break;
                case IrExpr.Call call: Call(call.Function); break;
            }
        }

        private void Write(StateAtom atom)
        {
            effects.Writes.Add(atom);
            AfterWrite(atom);
        }

        private void AfterWrite(StateAtom atom)
        {
            if (atom.OnWrite is not null) Call(atom.OnWrite);
            foreach (StateAtom dependent in SpecFacts.Dependents(atom))
            {
                effects.Writes.Add(dependent);
                if (dependent.Derived is not null) Call(dependent.Derived);
            }
        }

        private void Access(MemorySpec memory, HashSet<MemorySpec> kind)
        {
            kind.Add(memory);
            if (memory.Translate is not null) Call(memory.Translate);
        }

        private void Call(IrFunction function)
        {
            if (seen.Add(function)) summary.callees.Add(function);
            if (calls.Add(function)) summary.called.Add(function);
        }
    }
}
