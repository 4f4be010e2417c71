using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>How bodies use a deferred group, for specialising readers by producers.</summary>
internal static class GroupUse
{
    /// <summary>Stands for a body that may assign the group from different functions, or its fields one by one.</summary>
    public const int Unknown = 255;

    private const int LargestBranch = 60;
    private const int LargestOther = 16;

    /// <summary>Number (from 1) of the function a body always assigns the group from last; 0 when it leaves the group alone.</summary>
    public static int Producer(SpecFacts facts, IrStmt.Block body, DeferredGroup group)
    {
        int result = 0;
        foreach (IrStmt statement in body.Statements)
        {
            if (statement is IrStmt.WriteGroup write && write.Group == group) result = group.Functions.IndexOf(write.Function) + 1;
            else if (IrTree.Any(statement, s => Touches(facts, s, group))) return Unknown;
        }
        return result < Unknown ? result : Unknown;
    }

    /// <summary>
    /// Whether a body reads the group itself, and is short and without memory accesses or loops, so that the reading is what it costs. Of the many readers those
    /// are taken that programs execute most: branches, and operations that pass a field on into the group's next assignment.
    /// </summary>
    public static bool IsSmallReader(SpecFacts facts, IrStmt.Block body, DeferredGroup group, bool branches)
    {
        if (IrTree.Size(body) > (branches ? LargestBranch : LargestOther) || IrTree.Any(body, s => s is IrStmt.Load or IrStmt.Store or IrStmt.LoadForWrite or IrStmt.While or IrStmt.For)) return false;
        if (!branches && Producer(facts, body, group) == 0) return false;
        bool reads = false;
        // A branch may assign the group before another reads it: only straight assignments are followed.
        if (body.Statements.Any(s => s is not IrStmt.WriteGroup && IrTree.Any(s, x => Touches(facts, x, group)))) return false;
        IrTree.Visit(body, null, e => reads |= e is IrExpr.State s && s.Atom.Group == group);
        return reads;
    }

    private static bool Touches(SpecFacts facts, IrStmt statement, DeferredGroup group) => statement switch
    {
        IrStmt.WriteGroup s => s.Group == group,
        IrStmt.WriteState s => s.Atom.Group == group,
        IrStmt.Call s => facts.EffectsOf(s.Function).Writes.Any(a => a.Group == group),
        _ => false,
    };
}
