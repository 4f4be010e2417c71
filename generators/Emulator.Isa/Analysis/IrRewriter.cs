using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Copies IR bottom-up; subclasses replace what they are interested in. Unchanged parts keep their identity.</summary>
public abstract class IrRewriter
{
    /// <summary>Rewrites the children, then hands the result to <see cref="Leave"/>.</summary>
    public IrExpr Rewrite(IrExpr expression)
    {
        IrExpr rewritten = expression switch
        {
            IrExpr.State { Index: { } index } e => Rewrite(index) is var i && !ReferenceEquals(i, index) ? new IrExpr.State(e.Atom, i) : e,
            IrExpr.MakeRef { Index: { } index } e => e with { Index = Rewrite(index) },
            IrExpr.Unary e => Rewrite(e.Operand) is var o && !ReferenceEquals(o, e.Operand) ? e with { Operand = o } : e,
            IrExpr.Binary e => RewriteBinary(e),
            IrExpr.Convert e => Rewrite(e.Operand) is var o && !ReferenceEquals(o, e.Operand) ? e with { Operand = o } : e,
            IrExpr.Slice e => Rewrite(e.Operand) is var o && !ReferenceEquals(o, e.Operand) ? e with { Operand = o } : e,
            IrExpr.Bit e => new IrExpr.Bit(Rewrite(e.Operand), Rewrite(e.Position)),
            IrExpr.Select e => new IrExpr.Select(Rewrite(e.Condition), Rewrite(e.WhenTrue), Rewrite(e.WhenFalse)),
            IrExpr.Table e => new IrExpr.Table(e.Data, Rewrite(e.Index)),
            IrExpr.Call e => new IrExpr.Call(e.Function, Rewrite(e.Arguments)),
            _ => expression,
        };
        return Leave(rewritten);
    }

    public ImmutableArray<IrExpr> Rewrite(ImmutableArray<IrExpr> expressions) => expressions.IsEmpty ? expressions : ImmutableArray.CreateRange(expressions, Rewrite);

    public IrStmt.Block Rewrite(IrStmt.Block block)
    {
        var statements = ImmutableArray.CreateBuilder<IrStmt>(block.Statements.Length);
        foreach (IrStmt statement in block.Statements) Rewrite(statement, statements);
        return block with { Statements = statements.ToImmutable() };
    }

    /// <summary>Appends what a statement becomes (nothing, itself, or several).</summary>
    protected virtual void Rewrite(IrStmt statement, ImmutableArray<IrStmt>.Builder into)
    {
        if (statement is IrStmt.Block block)
        {
            foreach (IrStmt inner in block.Statements) Rewrite(inner, into);
            return;
        }
        into.Add(RewriteParts(statement));
    }

    /// <summary>Called with every expression after its children were rewritten.</summary>
    protected virtual IrExpr Leave(IrExpr expression) => expression;

    /// <summary>What a local becomes where it is set or declared.</summary>
    protected virtual IrLocal Target(IrLocal local) => local;

    protected virtual IrAccess Target(IrAccess access) => access;

    protected IrStmt RewriteParts(IrStmt statement) => statement switch
    {
        IrStmt.Set s => s with { Variable = Target(s.Variable), Value = Rewrite(s.Value) },
        IrStmt.Call s => s with { Results = ImmutableArray.CreateRange(s.Results, r => r is null ? null : Target(r)), Arguments = Rewrite(s.Arguments) },
        IrStmt.WriteState s => s with { Index = Rewrite2(s.Index), Value = Rewrite(s.Value) },
        IrStmt.WriteRef s => s with { Value = Rewrite(s.Value) },
        IrStmt.WriteGroup s => s with { Arguments = Rewrite(s.Arguments) },
        IrStmt.Load s => s with { Result = Target(s.Result), Address = Rewrite(s.Address), Mode = Rewrite2(s.Mode) },
        IrStmt.Store s => s with { Address = Rewrite(s.Address), Value = Rewrite(s.Value), Mode = Rewrite2(s.Mode) },
        IrStmt.LoadForWrite s => s with { Result = Target(s.Result), Access = Target(s.Access), Address = Rewrite(s.Address), Mode = Rewrite2(s.Mode) },
        IrStmt.StoreBack s => s with { Access = Target(s.Access), Value = Rewrite(s.Value) },
        IrStmt.If s => s with { Condition = Rewrite(s.Condition), Then = Rewrite(s.Then), Else = Rewrite(s.Else) },
        IrStmt.While s => s with { Header = Rewrite(s.Header), Condition = Rewrite(s.Condition), Body = Rewrite(s.Body) },
        IrStmt.For s => s with { Variable = Target(s.Variable), From = Rewrite(s.From), To = Rewrite(s.To), Body = Rewrite(s.Body) },
        IrStmt.Raise s => s with { Arguments = Rewrite(s.Arguments) },
        IrStmt.Return s => s with { Values = Rewrite(s.Values) },
        IrStmt.Flush s => s with { Address = Rewrite2(s.Address) },
        IrStmt.Ignored s => s with { Performed = Rewrite(s.Performed) },
        IrStmt.SetDecode s => s with { Value = Rewrite(s.Value) },
        IrStmt.Reject s => s with { Arguments = Rewrite(s.Arguments) },
        _ => statement,
    };

    private IrExpr? Rewrite2(IrExpr? expression) => expression is null ? null : Rewrite(expression);

    private IrExpr RewriteBinary(IrExpr.Binary e)
    {
        IrExpr left = Rewrite(e.Left);
        IrExpr right = Rewrite(e.Right);
        return ReferenceEquals(left, e.Left) && ReferenceEquals(right, e.Right) ? e : e with { Left = left, Right = right };
    }
}
