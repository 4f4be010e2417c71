using Emulator.Isa.Syntax;

namespace Emulator.Isa.Binding;

/// <summary>Looks through syntax for names.</summary>
internal static class SyntaxWalker
{
    public static IEnumerable<Expr> Children(Expr e) => e switch
    {
        Expr.Member m => new[] { m.Target },
        Expr.Index i => new[] { i.Target }.Concat(i.Arguments),
        Expr.Call c => c.Arguments,
        Expr.Slice s => s.Low is null ? new[] { s.Target, s.High } : new[] { s.Target, s.High, s.Low },
        Expr.Fields f => new[] { f.Target },
        Expr.Unary u => new[] { u.Operand },
        Expr.Binary b => new[] { b.Left, b.Right },
        Expr.Conditional c => new[] { c.Condition, c.WhenTrue, c.WhenFalse },
        Expr.Cast c => new[] { c.Operand },
        Expr.In i => new[] { i.Operand }.Concat(i.Values),
        Expr.Match m => new[] { m.Operand }.Concat(m.Arms.SelectMany(a => a.Values.Add(a.Result))),
        Expr.Tuple t => t.Items,
        _ => Array.Empty<Expr>(),
    };

    /// <summary>Names an expression reads; an argument of <c>width(...)</c> is not read.</summary>
    public static IEnumerable<string> Names(Expr e)
    {
        if (e is Expr.Name n) return new[] { n.Id };
        if (e is Expr.Call { Function.Id: "width" }) return Array.Empty<string>();
        return Children(e).SelectMany(Names);
    }

    /// <summary>Collects the names statements read and those they assign.</summary>
    public static void Uses(Stmt statement, HashSet<string> reads, HashSet<string> writes)
    {
        void Read(Expr? e) { if (e is not null) reads.UnionWith(Names(e)); }
        void Write(Expr place)
        {
            switch (place)
            {
                case Expr.Name n: writes.Add(n.Id); break;
                case Expr.Tuple t: foreach (var item in t.Items) Write(item); break;
                case Expr.Slice s: Read(s.Target); Read(s.High); Write(s.Target); break;
                case Expr.Conditional c: Read(c.Condition); Write(c.WhenTrue); Write(c.WhenFalse); break;
                default: foreach (var child in Children(place)) Read(child); break;
            }
        }
        switch (statement)
        {
            case Stmt.Block b: foreach (var s in b.Statements) Uses(s, reads, writes); break;
            case Stmt.Let l: Read(l.Value); break;
            case Stmt.Assign a:
                Read(a.Value);
                Read(a.When);
                if (a.Operator is not null) Read(a.Place);
                Write(a.Place);
                break;
            case Stmt.If i: Read(i.Condition); Uses(i.Then, reads, writes); if (i.Else is not null) Uses(i.Else, reads, writes); break;
            case Stmt.Match m: Read(m.Operand); foreach (var arm in m.Arms) Uses(arm.Body, reads, writes); break;
            case Stmt.While w: Read(w.Condition); Uses(w.Body, reads, writes); break;
            case Stmt.For f: Read(f.From); Read(f.To); Uses(f.Body, reads, writes); break;
            case Stmt.Raise r: foreach (var e in r.Arguments) Read(e); break;
            case Stmt.Require r: Read(r.Condition); Uses(r.Else, reads, writes); break;
            case Stmt.Return r: Read(r.Value); break;
            case Stmt.Flush f: Read(f.At); break;
            case Stmt.Call c: Read(c.Expression); break;
        }
    }
}
