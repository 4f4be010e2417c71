using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>
/// Finds bodies that read a field they have just given the value of an <c>undefined</c> declaration: what the manual leaves open must not decide anything. Looks at
/// each body by itself; what one instruction leaves undefined another may read, as programs do.
/// </summary>
internal sealed class UndefinedReads
{
    private readonly Dictionary<IrFunction, OpenResults> results = new();
    private readonly SpecFacts facts;
    private readonly DiagnosticBag diagnostics;
    private readonly HashSet<StateAtom> open = new();
    private readonly HashSet<IrLocal> locals = new();

    private UndefinedReads(SpecFacts facts, DiagnosticBag diagnostics)
    {
        this.facts = facts;
        this.diagnostics = diagnostics;
    }

    public static void Check(SpecFacts facts, IEnumerable<IrFunction> bodies, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (facts.Functions.All(f => f.UndefinedReference is null)) return;
        var check = new UndefinedReads(facts, diagnostics);
        foreach (var body in bodies)
        {
            cancellation.ThrowIfCancellationRequested();
            check.open.Clear();
            check.locals.Clear();
            check.Visit(facts.Model.BodyOf(body));
        }
    }

    private void Visit(IrStmt.Block block)
    {
        foreach (var statement in block.Statements) Visit(statement);
    }

    private void Visit(IrStmt statement)
    {
        if (open.Count > 0)
        {
            foreach (var expression in IrWalker.Expressions(statement)) Read(expression, statement.Span);
        }
        switch (statement)
        {
            case IrStmt.Set set:
                Mark(locals, set.Variable, IsOpen(set.Value));
                break;
            case IrStmt.WriteState write:
                Mark(open, write.Atom, IsOpen(write.Value));
                break;
            case IrStmt.WriteGroup write:
                var left = Results(write.Function);
                for (int i = 0; i < write.Group.Fields.Count; i++) Mark(open, write.Group.Fields[i], i < left.Open.Length && left.Open[i]);
                break;
            case IrStmt.Call call:
                // A function may write anything; what it does is looked at with its other callers.
                foreach (var atom in facts.EffectsOf(call.Function).Writes) open.Remove(atom);
                break;
            case IrStmt.If branch:
                var before = open.ToList();
                Visit(branch.Then);
                var then = open.ToList();
                open.Clear();
                open.UnionWith(before);
                Visit(branch.Else);
                open.UnionWith(then);
                break;
            default:
                foreach (var block in IrWalker.Blocks(statement)) Visit(block);
                break;
        }
    }

    private void Read(IrExpr expression, SourceSpan span)
    {
        foreach (var e in IrWalker.All(expression))
        {
            if (e is IrExpr.State state && open.Contains(state.Atom))
                diagnostics.Add(SemanticDiagnostics.UndefinedRead, span, $"'{state.Atom.Name}' is read here after this instruction left it undefined");
        }
    }

    private static void Mark<T>(HashSet<T> set, T item, bool isOpen)
    {
        if (isOpen) set.Add(item);
        else set.Remove(item);
    }

    private bool IsOpen(IrExpr expression) => IrWalker.All(expression).Any(e => e switch
    {
        IrExpr.Call call => call.Function.UndefinedReference is not null || Results(call.Function).Open.Contains(true),
        IrExpr.Local local => locals.Contains(local.Variable),
        _ => false,
    });

    /// <summary>Which results of a function come straight from an undefined declaration.</summary>
    private OpenResults Results(IrFunction function)
    {
        if (results.TryGetValue(function, out var known)) return known;
        results[function] = new OpenResults(new bool[function.Results.Length]);
        var found = new bool[function.Results.Length];
        foreach (var values in IrWalker.Statements(facts.Model.BodyOf(function)).OfType<IrStmt.Return>().Select(r => r.Values))
        {
            for (int i = 0; i < Math.Min(values.Length, found.Length); i++)
                found[i] |= IrWalker.All(values[i]).OfType<IrExpr.Call>().Any(c => c.Function.UndefinedReference is not null);
        }
        return results[function] = new OpenResults(found);
    }

    private sealed record OpenResults(bool[] Open);
}
