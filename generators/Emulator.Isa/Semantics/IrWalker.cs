namespace Emulator.Isa.Semantics;

/// <summary>Visits IR in program order.</summary>
public static class IrWalker
{
    /// <summary>The expressions directly inside an expression.</summary>
    public static IEnumerable<IrExpr> Children(IrExpr e) => e switch
    {
        IrExpr.State { Index: { } i } => new[] { i },
        IrExpr.MakeRef { Index: { } i } => new[] { i },
        IrExpr.Unary u => new[] { u.Operand },
        IrExpr.Binary b => new[] { b.Left, b.Right },
        IrExpr.Convert c => new[] { c.Operand },
        IrExpr.Slice s => new[] { s.Operand },
        IrExpr.Bit b => new[] { b.Operand, b.Position },
        IrExpr.Select s => new[] { s.Condition, s.WhenTrue, s.WhenFalse },
        IrExpr.Table t => new[] { t.Index },
        IrExpr.Call c => c.Arguments,
        _ => Array.Empty<IrExpr>(),
    };

    /// <summary>An expression and all within it.</summary>
    public static IEnumerable<IrExpr> All(IrExpr e)
    {
        yield return e;
        foreach (var child in Children(e))
            foreach (var inner in All(child)) yield return inner;
    }

    /// <summary>The expressions a statement evaluates itself (not those of nested statements).</summary>
    public static IEnumerable<IrExpr> Expressions(IrStmt s)
    {
        IEnumerable<IrExpr?> own = s switch
        {
            IrStmt.Set x => new[] { x.Value },
            IrStmt.Call x => x.Arguments,
            IrStmt.WriteState x => new[] { x.Index, x.Value },
            IrStmt.WriteRef x => new[] { x.Value },
            IrStmt.WriteGroup x => x.Arguments,
            IrStmt.Load x => new[] { x.Address, x.Mode },
            IrStmt.Store x => new[] { x.Address, x.Value, x.Mode },
            IrStmt.LoadForWrite x => new[] { x.Address, x.Mode },
            IrStmt.StoreBack x => new[] { x.Value },
            IrStmt.If x => new[] { x.Condition },
            IrStmt.While x => new[] { x.Condition },
            IrStmt.For x => new[] { x.From, x.To },
            IrStmt.Raise x => x.Arguments,
            IrStmt.Return x => x.Values,
            IrStmt.Flush x => new[] { x.Address },
            IrStmt.Ignored x => new[] { x.Performed },
            IrStmt.SetDecode x => new[] { x.Value },
            IrStmt.Reject x => x.Arguments,
            _ => Array.Empty<IrExpr>(),
        };
        return own.Where(e => e is not null)!;
    }

    /// <summary>The blocks directly inside a statement.</summary>
    public static IEnumerable<IrStmt.Block> Blocks(IrStmt s) => s switch
    {
        IrStmt.Block b => new[] { b },
        IrStmt.If i => new[] { i.Then, i.Else },
        IrStmt.While w => new[] { w.Header, w.Body },
        IrStmt.For f => new[] { f.Body },
        _ => Array.Empty<IrStmt.Block>(),
    };

    /// <summary>All statements of a block, nested ones included.</summary>
    public static IEnumerable<IrStmt> Statements(IrStmt.Block block)
    {
        foreach (var statement in block.Statements)
        {
            yield return statement;
            foreach (var inner in Blocks(statement))
                foreach (var s in Statements(inner)) yield return s;
        }
    }

    /// <summary>Functions called directly by a block.</summary>
    public static IEnumerable<IrFunction> Calls(IrStmt.Block block)
    {
        foreach (var statement in Statements(block))
        {
            if (statement is IrStmt.Call call) yield return call.Function;
            if (statement is IrStmt.WriteGroup group) yield return group.Function;
            foreach (var e in Expressions(statement).SelectMany(All))
                if (e is IrExpr.Call c) yield return c.Function;
        }
    }

    /// <summary>State atoms a function reads, with everything it calls (not through address translation).</summary>
    public static IEnumerable<StateAtom> StatesRead(IrFunction function)
    {
        var seen = new HashSet<IrFunction> { function };
        var work = new Stack<IrFunction>(seen);
        var result = new List<StateAtom>();
        while (work.Count > 0)
        {
            var f = work.Pop();
            result.AddRange(Statements(f.Body).SelectMany(Expressions).SelectMany(All).OfType<IrExpr.State>().Select(s => s.Atom));
            foreach (var callee in Calls(f.Body))
                if (seen.Add(callee)) work.Push(callee);
        }
        return result.Distinct();
    }

    /// <summary>State atoms an expression reads, with everything it calls.</summary>
    public static IEnumerable<StateAtom> StatesRead(IrExpr e) => All(e).SelectMany(x => x switch
    {
        IrExpr.State s => new[] { s.Atom },
        IrExpr.Call c => StatesRead(c.Function),
        _ => Enumerable.Empty<StateAtom>(),
    }).Distinct();
}
