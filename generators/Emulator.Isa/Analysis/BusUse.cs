using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Whether functions access a bus other than through a translation: what they reach may look at the time or change anything.</summary>
internal sealed class BusUse(SpecFacts facts)
{
    private readonly Dictionary<IrFunction, bool> known = new();
    private readonly Dictionary<IrFunction, (bool Direct, IReadOnlyList<IrFunction> Calls)> own = new();

    public bool Of(IrFunction function)
    {
        if (known.TryGetValue(function, out bool uses)) return uses;
        var order = new List<IrFunction> { function };
        var seen = new HashSet<IrFunction>(order);
        for (int i = 0; i < order.Count; i++)
        {
            var (direct, calls) = Own(order[i]);
            if (direct || (known.TryGetValue(order[i], out bool reached) && reached)) return known[function] = true;
            foreach (IrFunction callee in calls)
            {
                if (seen.Add(callee)) order.Add(callee);
            }
        }
        // Nothing it reaches does, so nothing that those reach does.
        foreach (IrFunction reached in order) known[reached] = false;
        return false;
    }

    private (bool Direct, IReadOnlyList<IrFunction> Calls) Own(IrFunction function)
    {
        if (own.TryGetValue(function, out var found)) return found;
        IrStmt.Block code = facts.Model.BodyOf(function);
        bool direct = function.Extern is { } e && (!e.Reads.IsEmpty || !e.Writes.IsEmpty);
        var calls = new List<IrFunction>();
        IrTree.Visit(code, s =>
        {
            direct |= s is IrStmt.Load { Memory.IsBus: true } or IrStmt.Store { Memory.IsBus: true } or IrStmt.LoadForWrite { Access.Memory.IsBus: true };
            if (s is IrStmt.Call call) calls.Add(call.Function);
            if (s is IrStmt.WriteGroup group) calls.Add(group.Function);
        }, e =>
        {
            if (e is IrExpr.Call call) calls.Add(call.Function);
        });
        calls.RemoveAll(f => facts.Model.Memories.Any(m => m.Translate == f));
        return own[function] = (direct, calls);
    }
}
