using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Emit;

/// <summary>
/// Puts the bodies of small functions in place of their calls, so that the common path of a body runs without calls and tests for traps only where one can
/// be raised. Returns in the middle become branches; functions whose returns stand in loops stay calls.
/// </summary>
internal sealed class CallInliner(IsaModel model, int largestBody = CallInliner.LargestBody)
{
    public const int LargestBody = 48;
    private const int Deepest = 5;

    private readonly Dictionary<IrFunction, int> sizes = new();
    private HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>The functions that were looked at for the last body, replaced or not.</summary>
    public HashSet<IrFunction> Inspected { get; private set; } = new();

    /// <summary>The body with small calls replaced, simplified.</summary>
    public IrStmt.Block Inline(IrFunction function)
    {
        names = new HashSet<string>(function.Parameters.Select(p => p.Name), StringComparer.Ordinal);
        IrStmt.Block body = model.BodyOf(function);
        Inspected = new HashSet<IrFunction>();
        IrTree.Visit(body, s => { foreach (IrLocal local in Declared(s)) names.Add(local.Name); }, null);
        var statements = ImmutableArray.CreateBuilder<IrStmt>();
        Expand(body.Statements, statements, 0, ImmutableHashSet.Create(function));
        return IrSimplifier.Simplify(new IrStmt.Block(body.Span, statements.ToImmutable()));
    }

    private void Expand(ImmutableArray<IrStmt> from, ImmutableArray<IrStmt>.Builder into, int depth, ImmutableHashSet<IrFunction> path)
    {
        foreach (IrStmt statement in from)
        {
            switch (statement)
            {
                case IrStmt.Block block: Expand(block.Statements, into, depth, path); break;
                case IrStmt.If s: into.Add(s with { Then = Expand(s.Then, depth, path), Else = Expand(s.Else, depth, path) }); break;
                case IrStmt.While s: into.Add(s with { Header = Expand(s.Header, depth, path), Body = Expand(s.Body, depth, path) }); break;
                case IrStmt.For s: into.Add(s with { Body = Expand(s.Body, depth, path) }); break;
                case IrStmt.Call call when depth < Deepest && !path.Contains(call.Function) && Small(call.Function) && Replace(call) is { } body:
                    Expand(body.ToImmutableArray(), into, depth + 1, path.Add(call.Function));
                    break;
                default: into.Add(statement); break;
            }
        }
    }

    private IrStmt.Block Expand(IrStmt.Block block, int depth, ImmutableHashSet<IrFunction> path)
    {
        var statements = ImmutableArray.CreateBuilder<IrStmt>();
        Expand(block.Statements, statements, depth, path);
        return block with { Statements = statements.ToImmutable() };
    }

    private bool Small(IrFunction function)
    {
        if (function.Extern is not null) return false;
        Inspected.Add(function);
        if (!sizes.TryGetValue(function, out int size)) sizes.Add(function, size = IrTree.Size(model.BodyOf(function)));
        return size <= largestBody;
    }

    /// <summary>The statements a call becomes; null when the function's returns do not allow it.</summary>
    private List<IrStmt>? Replace(IrStmt.Call call)
    {
        IrFunction function = call.Function;
        var renamed = new Dictionary<IrLocal, IrLocal>();
        var result = new List<IrStmt>();
        for (int i = 0; i < function.Parameters.Length; i++)
        {
            IrLocal parameter = Fresh(function.Parameters[i]);
            renamed.Add(function.Parameters[i], parameter);
            result.Add(new IrStmt.Set(call.Span, parameter, call.Arguments[i], true));
        }
        IrStmt.Block body = new Renamer(renamed, this).Rewrite(model.BodyOf(function));
        int returns = IrWalker.Statements(body).Count(s => s is IrStmt.Return);
        bool straight = returns == 1 && body.Statements[body.Statements.Length - 1] is IrStmt.Return || returns == 0 && call.Results.All(r => r is null);
        if (!straight)
        {
            foreach (IrLocal? local in call.Results)
            {
                if (local is not null) result.Add(new IrStmt.Set(call.Span, local, new IrExpr.Const(BigInteger.Zero, local.Width), true));
            }
        }
        var structured = new List<IrStmt>();
        return Structure(body.Statements, call.Results, straight, structured) ? result.Concat(structured).ToList() : null;
    }

    /// <summary>Copies statements so that none is behind a return. False when that cannot be done without copying code twice.</summary>
    private static bool Structure(ImmutableArray<IrStmt> statements, ImmutableArray<IrLocal?> results, bool declare, List<IrStmt> into)
    {
        for (int i = 0; i < statements.Length; i++)
        {
            IrStmt statement = statements[i];
            switch (statement)
            {
                case IrStmt.Return r:
                    // The values may name each other's places only when a caller passes its own results: they are fresh, so never.
                    for (int k = 0; k < results.Length; k++)
                    {
                        if (results[k] is { } local) into.Add(new IrStmt.Set(r.Span, local, r.Values[k], declare));
                    }
                    return true;
                case IrStmt.Raise:
                    into.Add(statement);
                    return true;
                case IrStmt.Block block:
                    return Structure(block.Statements.AddRange(statements.Skip(i + 1)), results, declare, into);
                case IrStmt.If branch when Returns(branch):
                    bool then = IrTree.Terminates(branch.Then), @else = IrTree.Terminates(branch.Else);
                    if (!then && !@else) return false;
                    ImmutableArray<IrStmt> rest = statements.Skip(i + 1).ToImmutableArray();
                    var (a, b) = (new List<IrStmt>(), new List<IrStmt>());
                    if (!Structure(then ? branch.Then.Statements : branch.Then.Statements.AddRange(rest), results, declare, a)) return false;
                    if (!Structure(@else ? branch.Else.Statements : branch.Else.Statements.AddRange(rest), results, declare, b)) return false;
                    into.Add(branch with { Then = new IrStmt.Block(branch.Span, a.ToImmutableArray()), Else = new IrStmt.Block(branch.Span, b.ToImmutableArray()) });
                    return true;
                case IrStmt.While or IrStmt.For when Returns(statement):
                    return false;
                default:
                    into.Add(statement);
                    break;
            }
        }
        return true;
    }

    private static bool Returns(IrStmt statement) => IrTree.Any(statement, s => s is IrStmt.Return);

    private IrLocal Fresh(IrLocal local)
    {
        string name = local.Name;
        for (int i = 2; !names.Add(name); i++) name = local.Name + "_" + CSharpNames.Int(i);
        return new IrLocal(name, local.Width, local.Signed);
    }

    private static IEnumerable<IrLocal> Declared(IrStmt s) => s switch
    {
        IrStmt.Set { Declare: true } x => new[] { x.Variable },
        IrStmt.Call x => x.Results.OfType<IrLocal>(),
        IrStmt.Load x => new[] { x.Result },
        IrStmt.LoadForWrite x => new[] { x.Result },
        IrStmt.For x => new[] { x.Variable },
        _ => Array.Empty<IrLocal>(),
    };

    private sealed class Renamer(Dictionary<IrLocal, IrLocal> renamed, CallInliner owner) : IrRewriter
    {
        private readonly Dictionary<IrAccess, IrAccess> accesses = new();

        protected override IrExpr Leave(IrExpr expression) => expression is IrExpr.Local local ? new IrExpr.Local(Target(local.Variable)) : expression;

        protected override IrLocal Target(IrLocal local)
        {
            if (!renamed.TryGetValue(local, out IrLocal? fresh)) renamed.Add(local, fresh = owner.Fresh(local));
            return fresh;
        }

        protected override IrAccess Target(IrAccess access)
        {
            if (!accesses.TryGetValue(access, out IrAccess? fresh)) accesses.Add(access, fresh = new IrAccess(access.Name + "_" + CSharpNames.Int(owner.names.Count), access.Memory, access.Width));
            return fresh;
        }
    }
}
