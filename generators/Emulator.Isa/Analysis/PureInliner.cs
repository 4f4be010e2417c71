using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>Replaces calls of pure functions by what they compute, as expressions: decode code and texts are self-contained then.</summary>
public static class PureInliner
{
    /// <summary>The expression without calls; null where a function loops or recurses too deeply to be written as an expression.</summary>
    public static IrExpr? Inline(IrExpr expression)
    {
        if (!IrTree.Any(expression, e => e is IrExpr.Call)) return expression;
        var rewriter = new Rewriter(new Dictionary<IrLocal, IrExpr>(), 0);
        IrExpr result = rewriter.Rewrite(expression);
        return rewriter.Failed ? null : IrSimplifier.Simplify(result);
    }

    private sealed class Rewriter(Dictionary<IrLocal, IrExpr> locals, int depth) : IrRewriter
    {
        private const int MaxDepth = 16;

        public bool Failed { get; private set; }

        protected override IrExpr Leave(IrExpr expression)
        {
            if (expression is IrExpr.Local local && locals.TryGetValue(local.Variable, out IrExpr? value)) return value;
            if (expression is not IrExpr.Call call) return expression;
            if (depth < MaxDepth && call.Function.Extern is null)
            {
                var inner = new Dictionary<IrLocal, IrExpr>();
                for (int i = 0; i < call.Arguments.Length; i++) inner[call.Function.Parameters[i]] = call.Arguments[i];
                if (Value(call.Function.Body.Statements, 0, inner, depth + 1) is { } result) return result;
            }
            Failed = true;
            return expression;
        }

        /// <summary>What a list of statements returns, from one of them on; null when that is no expression.</summary>
        private static IrExpr? Value(IReadOnlyList<IrStmt> statements, int from, Dictionary<IrLocal, IrExpr> locals, int depth)
        {
            for (int i = from; i < statements.Count; i++)
            {
                var rewriter = new Rewriter(locals, depth);
                switch (statements[i])
                {
                    case IrStmt.Set set:
                        IrExpr value = rewriter.Rewrite(set.Value);
                        if (rewriter.Failed) return null;
                        locals = new Dictionary<IrLocal, IrExpr>(locals) { [set.Variable] = value };
                        break;
                    case IrStmt.Return { Values.Length: 1 } r:
                        IrExpr returned = rewriter.Rewrite(r.Values[0]);
                        return rewriter.Failed ? null : returned;
                    case IrStmt.Block block:
                        return Value(block.Statements.Concat(statements.Skip(i + 1)).ToList(), 0, locals, depth);
                    case IrStmt.If branch:
                        IrExpr condition = rewriter.Rewrite(branch.Condition);
                        if (rewriter.Failed) return null;
                        List<IrStmt> rest = statements.Skip(i + 1).ToList();
                        IrExpr? whenTrue = Value(branch.Then.Statements.Concat(rest).ToList(), 0, locals, depth);
                        IrExpr? whenFalse = Value(branch.Else.Statements.Concat(rest).ToList(), 0, locals, depth);
                        return whenTrue is null || whenFalse is null ? null : new IrExpr.Select(condition, whenTrue, whenFalse);
                    default:
                        return null;
                }
            }
            return null;
        }
    }
}
