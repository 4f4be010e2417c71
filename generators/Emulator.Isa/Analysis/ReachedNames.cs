using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis;

/// <summary>What bodies reach through calls that their <see cref="Effects"/> do not name: registers behind references, undefined results, the use of flags.</summary>
internal sealed class ReachedNames
{
    private readonly SpecFacts facts;
    private readonly Dictionary<IrFunction, IReadOnlyList<IrFunction>> calls = new();
    private readonly Dictionary<IrFunction, FlagUse> own = new();
    private readonly Dictionary<IrFunction, (HashSet<DecodeVariable> Read, HashSet<DecodeVariable> Written)> refs = new();

    public ReachedNames(SpecFacts facts) => this.facts = facts;

    /// <summary>The same of a revision, keeping what it did not change.</summary>
    public ReachedNames Revise(SpecFacts facts, Changes changes)
    {
        var kept = new ReachedNames(facts);
        foreach (IrFunction function in facts.Functions.Concat(facts.Bodies))
        {
            if (changes.Code.Contains(function)) continue;
            if (calls.TryGetValue(function, out IReadOnlyList<IrFunction>? found)) kept.calls.Add(function, found);
            if (refs.TryGetValue(function, out var known)) kept.refs.Add(function, known);
            // What is passed on unchanged, the functions of groups tell.
            if (own.TryGetValue(function, out FlagUse? use) && (changes.Code.Count == 0 || !facts.Summary(function).Called.Any(changes.Code.Contains))) kept.own.Add(function, use);
        }
        return kept;
    }

    /// <summary>References through which some functions may read.</summary>
    public IEnumerable<DecodeVariable> RefsRead(IReadOnlyList<IrFunction> functions) => functions.SelectMany(f => Refs(f).Read).Distinct();

    /// <summary>References through which some functions may write.</summary>
    public IEnumerable<DecodeVariable> RefsWritten(IReadOnlyList<IrFunction> functions) => functions.SelectMany(f => Refs(f).Written).Distinct();

    /// <summary>The <c>undefined</c> declarations among some functions: evaluated directly or when a flag they set is read.</summary>
    public static IEnumerable<string> Undefined(IReadOnlyList<IrFunction> functions) =>
        functions.Where(f => f.UndefinedReference is not null).Select(f => f.Name.StartsWith("Undefined_", StringComparison.Ordinal) ? f.Name.Substring("Undefined_".Length) : f.Name);

    /// <summary>States used and set by some functions.</summary>
    public FlagUse FlagUse(IReadOnlyList<IrFunction> functions)
    {
        var result = new FlagUse();
        foreach (IrFunction function in functions) result.Add(Own(function));
        return result;
    }

    /// <summary>Bodies and all they call, but what merely evaluates flags or derived states on the way.</summary>
    public IReadOnlyList<IrFunction> Reached(IEnumerable<IrFunction> bodies)
    {
        var order = bodies.Distinct().ToList();
        var seen = new HashSet<IrFunction>(order);
        for (int i = 0; i < order.Count; i++)
        {
            foreach (IrFunction callee in Calls(order[i]))
            {
                if (seen.Add(callee)) order.Add(callee);
            }
        }
        return order;
    }

    private IReadOnlyList<IrFunction> Calls(IrFunction function)
    {
        if (calls.TryGetValue(function, out IReadOnlyList<IrFunction>? known)) return known;
        var found = new List<IrFunction>();
        IrTree.Visit(facts.Model.BodyOf(function), s =>
        {
            switch (s)
            {
                case IrStmt.Call call: found.Add(call.Function); break;
                case IrStmt.WriteGroup write: found.Add(write.Function); break;
                case IrStmt.WriteState { Atom.OnWrite: { } after }: found.Add(after); break;
                case IrStmt.WriteRef write: found.AddRange(facts.Targets(write.Variable).Select(a => a.OnWrite).OfType<IrFunction>()); break;
                case IrStmt.Load { Memory.Translate: { } translate }: found.Add(translate); break;
                case IrStmt.Store { Memory.Translate: { } translate }: found.Add(translate); break;
                case IrStmt.LoadForWrite { Access.Memory.Translate: { } translate }: found.Add(translate); break;
            }
        }, e =>
        {
            if (e is IrExpr.Call call) found.Add(call.Function);
        });
        calls.Add(function, found);
        return found;
    }

    private (HashSet<DecodeVariable> Read, HashSet<DecodeVariable> Written) Refs(IrFunction function)
    {
        if (refs.TryGetValue(function, out var known)) return known;
        var read = new HashSet<DecodeVariable>();
        var written = new HashSet<DecodeVariable>();
        IrTree.Visit(facts.Model.BodyOf(function), s =>
        {
            if (s is IrStmt.WriteRef write) written.Add(write.Variable);
        }, e =>
        {
            if (e is IrExpr.Ref reference) read.Add(reference.Variable);
        });
        refs.Add(function, (read, written));
        return (read, written);
    }

    private FlagUse Own(IrFunction function)
    {
        if (own.TryGetValue(function, out FlagUse? known)) return known;
        var use = new FlagUse();
        var passed = new HashSet<IrExpr>(ReferenceComparer.Instance);
        IrTree.Visit(facts.Model.BodyOf(function), s =>
        {
            if (s is IrStmt.WriteState write) use.Produced.Add(write.Atom);
            if (s is IrStmt.WriteGroup group) Group(group, use, passed);
        }, null);
        IrTree.Visit(facts.Model.BodyOf(function), null, e =>
        {
            if (e is IrExpr.State state && !passed.Contains(e)) use.Consumed.Add(state.Atom);
        });
        own.Add(function, use);
        return use;
    }

    /// <summary>Finds fields that keep their value: the function returns a parameter for them that is used for nothing else, and the argument is the field itself.</summary>
    private void Group(IrStmt.WriteGroup write, FlagUse use, HashSet<IrExpr> passed)
    {
        var returns = new List<IrStmt.Return>();
        var uses = new Dictionary<IrLocal, int>();
        IrTree.Visit(facts.Model.BodyOf(write.Function), s =>
        {
            if (s is IrStmt.Return r) returns.Add(r);
        }, e =>
        {
            if (e is IrExpr.Local l) uses[l.Variable] = (uses.TryGetValue(l.Variable, out int n) ? n : 0) + 1;
        });
        for (int field = 0; field < write.Group.Fields.Count; field++)
        {
            StateAtom atom = write.Group.Fields[field];
            int parameter = returns.Count == 0 ? -1 : Parameter(write.Function, returns[0], field);
            bool kept = parameter >= 0 && returns.All(r => Parameter(write.Function, r, field) == parameter)
                && write.Arguments[parameter] is IrExpr.State state && state.Atom == atom;
            if (!kept)
            {
                use.Produced.Add(atom);
                continue;
            }
            if (uses[write.Function.Parameters[parameter]] == returns.Count) passed.Add(write.Arguments[parameter]);
        }
    }

    private static int Parameter(IrFunction function, IrStmt.Return r, int field) =>
        field < r.Values.Length && r.Values[field] is IrExpr.Local local ? function.Parameters.IndexOf(local.Variable) : -1;

    private sealed class ReferenceComparer : IEqualityComparer<IrExpr>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(IrExpr? x, IrExpr? y) => ReferenceEquals(x, y);

        public int GetHashCode(IrExpr obj) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj);
    }
}
