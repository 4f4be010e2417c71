using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>
/// Whether a body has a common path that needs no call: memory accesses that the translation tables answer, checks that succeed. That path gets a method of its own,
/// without a stack frame; wherever it would have to call or trap it starts the general method over, which is right because nothing was written yet.
/// </summary>
internal static class FastPath
{
    public static bool Applies(EmitContext context, IrStmt.Block body)
    {
        bool accesses = false, written = false;
        return Walk(context, body, ref written, ref accesses) && accesses;
    }

    /// <summary>Whether a branch is left to the general method.</summary>
    public static bool IsSlow(IrStmt.Block branch) => IrTree.Any(branch, s => s is IrStmt.Call or IrStmt.Raise);

    private static bool Walk(EmitContext context, IrStmt statement, ref bool written, ref bool accesses)
    {
        if (statement is not IrStmt.Block && IrWalker.Expressions(statement).Any(e => IrTree.Any(e, x => x is IrExpr.State { Atom.Group: not null }))) return false;
        switch (statement)
        {
            case IrStmt.Block block:
                foreach (IrStmt inner in block.Statements)
                {
                    if (!Walk(context, inner, ref written, ref accesses)) return false;
                }
                return true;
            case IrStmt.Set or IrStmt.Ignored: return true;
            case IrStmt.Load { Memory.IsBus: false } or IrStmt.LoadForWrite { Access.Memory.IsBus: false }:
                accesses = true;
                return !written;
            case IrStmt.Store { Memory.IsBus: false }:
                accesses = true;
                bool first = !written;
                written = true;
                return first;
            case IrStmt.StoreBack { Access.Memory.IsBus: false }:
                written = true;
                return true;
            case IrStmt.WriteState s:
                written = true;
                return s.Atom.Group is null && !Updates.After(context, s.Atom, -1, null).Any() && !context.Facts.AttentionAtoms.Contains(s.Atom);
            case IrStmt.WriteRef s:
                written = true;
                return context.Facts.Targets(s.Variable).All(a => !Updates.After(context, a, -1, null).Any() && !context.Facts.AttentionAtoms.Contains(a));
            case IrStmt.WriteGroup s:
                written = true;
                return s.Group.Fields.All(f => !Updates.After(context, f, -1, null).Any() && !context.Facts.AttentionAtoms.Contains(f));
            case IrStmt.If s:
                bool thenSlow = IsSlow(s.Then), elseSlow = IsSlow(s.Else), other = written;
                if ((thenSlow || elseSlow) && written || thenSlow && elseSlow) return false;
                if (!thenSlow && !Walk(context, s.Then, ref written, ref accesses)) return false;
                if (!elseSlow && !Walk(context, s.Else, ref other, ref accesses)) return false;
                written |= other;
                return true;
            default: return false;
        }
    }
}
