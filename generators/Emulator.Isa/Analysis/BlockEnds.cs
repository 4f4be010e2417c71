using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Which operations end a basic block, from what they do; sets <see cref="VariantModel.EndsBlock"/> and <see cref="VariantModel.AlwaysJumps"/>.</summary>
public static class BlockEnds
{
    /// <summary>Needs effects: <see cref="EffectAnalysis"/> runs first.</summary>
    public static void Run(SpecFacts facts) => Run(facts, facts.Model.Variants);

    /// <summary>The same for some variants.</summary>
    internal static void Run(SpecFacts facts, IEnumerable<VariantModel> variants)
    {
        var bus = new Dictionary<IrFunction, bool>();
        var bodies = new Dictionary<IrFunction, (bool Ends, bool Jumps)>();
        foreach (VariantModel variant in variants)
        {
            if (!bodies.TryGetValue(variant.Body, out var found))
            {
                bool jumps = AlwaysWritesPc(variant.Body.Body, new HashSet<IrFunction>());
                found = (jumps || Ends(variant.Body, facts, bus), jumps);
                bodies.Add(variant.Body, found);
            }
            (variant.EndsBlock, variant.AlwaysJumps) = found;
        }
    }

    private static bool Ends(IrFunction body, SpecFacts facts, Dictionary<IrFunction, bool> bus) =>
        !body.Effects.Flushes.IsEmpty || body.Effects.Writes.Any(a => Ends(a, facts)) || UsesBus(body, facts, bus)
        || IrWalker.Statements(body.Body).OfType<IrStmt.WriteRef>().Any(w => facts.Targets(w.Variable).Any(a => Ends(a, facts)))
        || IrWalker.Statements(body.Body).Any(s => s is IrStmt.Raise) && IrTree.Terminates(body.Body);

    private static bool Ends(StateAtom atom, SpecFacts facts) =>
        atom.IsPc || atom.InDecodeContext || atom.Role is "mode" or "relocation" or "interrupt" || facts.AttentionAtoms.Contains(atom)
        || facts.PerAtoms.Values.Any(p => p.Contains(atom));

    /// <summary>Whether a function accesses a bus other than through a translation: what it reaches may look at the time or change anything.</summary>
    private static bool UsesBus(IrFunction function, SpecFacts facts, Dictionary<IrFunction, bool> known)
    {
        if (known.TryGetValue(function, out bool uses)) return uses;
        known[function] = false;
        uses = IrWalker.Statements(function.Body).Any(s => s is IrStmt.Load { Memory.IsBus: true } or IrStmt.Store { Memory.IsBus: true } or IrStmt.LoadForWrite { Access.Memory.IsBus: true })
            || IrWalker.Calls(function.Body).Any(f => facts.Model.Memories.All(m => m.Translate != f) && UsesBus(f, facts, known))
            || function.Extern is { } e && (!e.Reads.IsEmpty || !e.Writes.IsEmpty);
        return known[function] = uses;
    }

    private static bool AlwaysWritesPc(IrStmt.Block block, HashSet<IrFunction> path) => block.Statements.Any(s => AlwaysWritesPc(s, path));

    private static bool AlwaysWritesPc(IrStmt statement, HashSet<IrFunction> path)
    {
        switch (statement)
        {
            case IrStmt.WriteState { Atom.IsPc: true }: return true;
            case IrStmt.Block block: return AlwaysWritesPc(block, path);
            case IrStmt.If branch:
                return (AlwaysWritesPc(branch.Then, path) || AlwaysRaises(branch.Then)) && (AlwaysWritesPc(branch.Else, path) || AlwaysRaises(branch.Else));
            case IrStmt.Raise: return true;
            case IrStmt.Call call:
                if (!path.Add(call.Function)) return false;
                // A return before the write would leave it undone.
                bool always = AlwaysWritesPc(call.Function.Body, path) && !ReturnsEarly(call.Function.Body);
                path.Remove(call.Function);
                return always;
            default: return false;
        }
    }

    private static bool AlwaysRaises(IrStmt.Block block) => block.Statements.Any(s => s is IrStmt.Raise);

    private static bool ReturnsEarly(IrStmt.Block block) => IrWalker.Statements(block).Any(s => s is IrStmt.Return) && block.Statements.LastOrDefault() is var last
        && IrWalker.Statements(block).Any(s => s is IrStmt.Return && !ReferenceEquals(s, last));
}
