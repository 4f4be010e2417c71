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
    public static IReadOnlyList<IrExpr> All(IrExpr e)
    {
        var all = new List<IrExpr>();
        Visit(e, all.Add);
        return all;
    }

    /// <summary>Calls <paramref name="visit"/> for an expression and everything below it.</summary>
    public static void Visit(IrExpr expression, Action<IrExpr> visit)
    {
        visit(expression);
        switch (expression)
        {
            case IrExpr.State { Index: { } i }: Visit(i, visit); break;
            case IrExpr.MakeRef { Index: { } i }: Visit(i, visit); break;
            case IrExpr.Unary u: Visit(u.Operand, visit); break;
            case IrExpr.Binary b:
                Visit(b.Left, visit);
                Visit(b.Right, visit);
                break;
            case IrExpr.Convert c: Visit(c.Operand, visit); break;
            case IrExpr.Slice s: Visit(s.Operand, visit); break;
            case IrExpr.Bit b:
                Visit(b.Operand, visit);
                Visit(b.Position, visit);
                break;
            case IrExpr.Select s:
                Visit(s.Condition, visit);
                Visit(s.WhenTrue, visit);
                Visit(s.WhenFalse, visit);
                break;
            case IrExpr.Table t: Visit(t.Index, visit); break;
            case IrExpr.Call c:
                foreach (var argument in c.Arguments) Visit(argument, visit);
                break;
        }
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
    public static IReadOnlyList<IrStmt> Statements(IrStmt.Block block)
    {
        var all = new List<IrStmt>();
        Collect(block, all);
        return all;
    }

    private static void Collect(IrStmt.Block block, List<IrStmt> all)
    {
        foreach (var statement in block.Statements)
        {
            all.Add(statement);
            switch (statement)
            {
                case IrStmt.Block b: Collect(b, all); break;
                case IrStmt.If i:
                    Collect(i.Then, all);
                    Collect(i.Else, all);
                    break;
                case IrStmt.While w:
                    Collect(w.Header, all);
                    Collect(w.Body, all);
                    break;
                case IrStmt.For f: Collect(f.Body, all); break;
            }
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
