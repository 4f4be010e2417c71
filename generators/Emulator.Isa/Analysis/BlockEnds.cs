using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Which operations end a basic block, from what they do; sets <see cref="SpecFacts.EndsBlock"/> and <see cref="SpecFacts.AlwaysJumps"/>.</summary>
public static class BlockEnds
{
    /// <summary>Needs effects: <see cref="EffectAnalysis"/> runs first.</summary>
    public static void Run(SpecFacts facts)
    {
        var bus = new BusUse(facts);
        foreach (IrFunction body in facts.Bodies) facts.Set(body, Of(body, facts, bus));
    }

    /// <summary>The same of what a revision may have changed; tells what ends otherwise now.</summary>
    internal static void Revise(SpecFacts facts, Changes changes)
    {
        var bus = new BusUse(facts);
        foreach (IrFunction body in changes.Bodies)
        {
            BlockEnd end = Of(body, facts, bus);
            if (end == facts.EndOf(body)) continue;
            facts.Set(body, end);
            changes.BodyFacts.Add(body);
        }
    }

    private static BlockEnd Of(IrFunction body, SpecFacts facts, BusUse bus)
    {
        bool jumps = AlwaysWritesPc(facts.Model.BodyOf(body), facts.Model, new HashSet<IrFunction>());
        return new BlockEnd(jumps || Ends(body, facts, bus), jumps);
    }

    private static bool Ends(IrFunction body, SpecFacts facts, BusUse bus)
    {
        Effects effects = facts.EffectsOf(body);
        IrStmt.Block code = facts.Model.BodyOf(body);
        return !effects.Flushes.IsEmpty || effects.Writes.Any(a => Ends(a, facts)) || bus.Of(body)
            || IrWalker.Statements(code).OfType<IrStmt.WriteRef>().Any(w => facts.Targets(w.Variable).Any(a => Ends(a, facts)))
            || IrWalker.Statements(code).Any(s => s is IrStmt.Raise) && IrTree.Terminates(code);
    }

    private static bool Ends(StateAtom atom, SpecFacts facts) =>
        atom.IsPc || atom.InDecodeContext || atom.Role is "mode" or "relocation" or "interrupt" || facts.AttentionAtoms.Contains(atom)
        || facts.PerAtoms.Values.Any(p => p.Contains(atom));

    private static bool AlwaysWritesPc(IrStmt.Block block, IsaModel model, HashSet<IrFunction> path) => block.Statements.Any(s => AlwaysWritesPc(s, model, path));

    private static bool AlwaysWritesPc(IrStmt statement, IsaModel model, HashSet<IrFunction> path)
    {
        switch (statement)
        {
            case IrStmt.WriteState { Atom.IsPc: true }: return true;
            case IrStmt.Block block: return AlwaysWritesPc(block, model, path);
            case IrStmt.If branch:
                return (AlwaysWritesPc(branch.Then, model, path) || AlwaysRaises(branch.Then)) && (AlwaysWritesPc(branch.Else, model, path) || AlwaysRaises(branch.Else));
            case IrStmt.Raise: return true;
            case IrStmt.Call call:
                if (!path.Add(call.Function)) return false;
                // A return before the write would leave it undone.
                IrStmt.Block code = model.BodyOf(call.Function);
                bool always = AlwaysWritesPc(code, model, path) && !ReturnsEarly(code);
                path.Remove(call.Function);
                return always;
            default: return false;
        }
    }

    private static bool AlwaysRaises(IrStmt.Block block) => block.Statements.Any(s => s is IrStmt.Raise);

    private static bool ReturnsEarly(IrStmt.Block block) => IrWalker.Statements(block).Any(s => s is IrStmt.Return) && block.Statements.LastOrDefault() is var last
        && IrWalker.Statements(block).Any(s => s is IrStmt.Return && !ReferenceEquals(s, last));
}
