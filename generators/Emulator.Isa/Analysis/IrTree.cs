using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Visits and questions about pieces of IR.</summary>
public static class IrTree
{
    /// <summary>Calls <paramref name="onStatement"/> for every statement and <paramref name="onExpression"/> for every expression, in order.</summary>
    public static void Visit(IrStmt statement, Action<IrStmt>? onStatement, Action<IrExpr>? onExpression)
    {
        switch (statement)
        {
            case IrStmt.Block s:
                foreach (IrStmt inner in s.Statements) Visit(inner, onStatement, onExpression);
                return;
            case IrStmt.If s:
                onStatement?.Invoke(statement);
                if (onExpression is not null) Visit(s.Condition, onExpression);
                Visit(s.Then, onStatement, onExpression);
                Visit(s.Else, onStatement, onExpression);
                return;
        }
        onStatement?.Invoke(statement);
        if (onExpression is not null) Expressions(statement, onExpression);
        switch (statement)
        {
            case IrStmt.While s:
                Visit(s.Header, onStatement, onExpression);
                Visit(s.Body, onStatement, onExpression);
                break;
            case IrStmt.For s: Visit(s.Body, onStatement, onExpression); break;
        }
    }

    private static void Expressions(IrStmt statement, Action<IrExpr> onExpression)
    {
        switch (statement)
        {
            case IrStmt.Set s: Visit(s.Value, onExpression); break;
            case IrStmt.Call s:
                foreach (IrExpr argument in s.Arguments) Visit(argument, onExpression);
                break;
            default:
                foreach (IrExpr expression in IrWalker.Expressions(statement)) Visit(expression, onExpression);
                break;
        }
    }

    /// <summary>Calls <paramref name="onExpression"/> for an expression and everything below it.</summary>
    public static void Visit(IrExpr expression, Action<IrExpr> onExpression) => IrWalker.Visit(expression, onExpression);

    /// <summary>Whether an expression or one below it satisfies a condition.</summary>
    public static bool Any(IrExpr expression, Func<IrExpr, bool> condition)
    {
        if (condition(expression)) return true;
        foreach (IrExpr child in IrWalker.Children(expression))
        {
            if (Any(child, condition)) return true;
        }
        return false;
    }

    /// <summary>Whether a statement, or one nested in it, satisfies a condition.</summary>
    public static bool Any(IrStmt statement, Func<IrStmt, bool> condition)
    {
        if (statement is IrStmt.Block block) return block.Statements.Any(s => Any(s, condition));
        return condition(statement) || IrWalker.Blocks(statement).Any(b => Any(b, condition));
    }

    /// <summary>Number of nodes of a statement: a measure of the code it becomes.</summary>
    public static int Size(IrStmt statement)
    {
        int size = 0;
        Visit(statement, _ => size += 2, _ => size++);
        return size;
    }

    /// <summary>Whether control never reaches the end of a block.</summary>
    public static bool Terminates(IrStmt.Block block) => block.Statements.Any(Terminates);

    private static bool Terminates(IrStmt statement) => statement switch
    {
        IrStmt.Return or IrStmt.Raise or IrStmt.Reject => true,
        IrStmt.Block block => Terminates(block),
        IrStmt.If branch => Terminates(branch.Then) && Terminates(branch.Else),
        _ => false,
    };
}
