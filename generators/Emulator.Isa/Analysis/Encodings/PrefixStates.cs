using System.Globalization;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>Finds every state that modes and prefixes can lead to, as far as forms can tell them apart.</summary>
internal sealed class PrefixStates
{
    /// <summary>States after which the search gives up: what forms ask for is then taken as unknown.</summary>
    private const int Most = 4096;

    private readonly DecodeModel decode;
    private readonly HashSet<DecodeVariable> relevant = new();
    private readonly HashSet<byte> required;
    private readonly Dictionary<string, PrefixState> found = new(StringComparer.Ordinal);
    private readonly Queue<PrefixState> pending = new();

    private PrefixStates(DecodeModel decode, HashSet<byte> required)
    {
        this.decode = decode;
        this.required = required;
    }

    /// <param name="decode">The decode model.</param>
    /// <param name="conditions">Conditions of forms and operands.</param>
    /// <param name="axes">Axes forms are specialised on.</param>
    /// <param name="required">Prefixes forms begin with.</param>
    public static List<PrefixState> Find(DecodeModel decode, IEnumerable<IrExpr> conditions, IEnumerable<DecodeVariable> axes, HashSet<byte> required, CancellationToken cancellation)
    {
        var search = new PrefixStates(decode, required);
        search.FindRelevant(conditions, axes);
        search.Search(cancellation);
        return search.found.Values.ToList();
    }

    private void FindRelevant(IEnumerable<IrExpr> conditions, IEnumerable<DecodeVariable> axes)
    {
        foreach (DecodeVariable variable in conditions.SelectMany(Variables).Concat(axes)) Add(variable);
        bool grew = true;
        while (grew)
        {
            int before = relevant.Count;
            foreach (IrStmt.Block prefix in decode.Prefixes.Values) AddReads(prefix, new List<IrExpr>());
            grew = relevant.Count > before;
        }
    }

    private void Add(DecodeVariable variable)
    {
        if (variable.Kind is DecodeVariableKind.Axis or DecodeVariableKind.Variable && !variable.IsRef) relevant.Add(variable);
    }

    private static IEnumerable<DecodeVariable> Variables(IrExpr e) => IrWalker.All(e).OfType<IrExpr.Decode>().Select(d => d.Variable);

    /// <summary>Adds what decides the values a block gives to relevant variables.</summary>
    private void AddReads(IrStmt.Block block, List<IrExpr> conditions)
    {
        foreach (IrStmt statement in block.Statements)
        {
            switch (statement)
            {
                case IrStmt.Block inner: AddReads(inner, conditions); break;
                case IrStmt.Set set:
                    foreach (DecodeVariable v in Variables(set.Value)) Add(v);
                    break;
                case IrStmt.SetDecode set when relevant.Contains(set.Variable):
                    foreach (DecodeVariable v in Variables(set.Value).Concat(conditions.SelectMany(Variables))) Add(v);
                    break;
                case IrStmt.If branch:
                    conditions.Add(branch.Condition);
                    AddReads(branch.Then, conditions);
                    AddReads(branch.Else, conditions);
                    conditions.RemoveAt(conditions.Count - 1);
                    break;
            }
        }
    }

    private void Search(CancellationToken cancellation)
    {
        foreach (Dictionary<DecodeVariable, BigInteger> mode in Modes()) Visit(Initial(mode));
        while (pending.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            PrefixState state = pending.Dequeue();
            foreach (KeyValuePair<byte, IrStmt.Block> prefix in decode.Prefixes.OrderBy(p => p.Key)) Visit(After(state, prefix.Key, prefix.Value));
            if (found.Count > Most)
            {
                GiveUp();
                return;
            }
        }
    }

    /// <summary>One state in which nothing is known, with no prefixes.</summary>
    private void GiveUp()
    {
        PrefixState first = found.Values.First();
        found.Clear();
        found.Add("", first with { Values = first.Values.ToDictionary(v => v.Key, _ => (BigInteger?)null) });
    }

    /// <summary>All combinations of initial values; axes with the same expression have the same value.</summary>
    private IEnumerable<Dictionary<DecodeVariable, BigInteger>> Modes()
    {
        var groups = relevant.Where(v => v.Kind == DecodeVariableKind.Axis && v.Initial is not null and not IrExpr.Const)
            .Concat(decode.Variables.Where(v => v.Kind == DecodeVariableKind.Axis && relevant.Any(r => r.Kind == DecodeVariableKind.Variable && r.Initial is { } i && ReferenceEquals(i, v.Initial))))
            .Distinct().OrderBy(v => decode.Variables.IndexOf(v)).GroupBy(v => v.Initial!).ToList();
        IEnumerable<Dictionary<DecodeVariable, BigInteger>> result = new[] { new Dictionary<DecodeVariable, BigInteger>() };
        foreach (var group in groups)
        {
            var values = group.SelectMany(a => a.AxisValues).Distinct().ToList();
            result = result.SelectMany(mode => values.Select(value =>
            {
                var extended = new Dictionary<DecodeVariable, BigInteger>(mode);
                foreach (DecodeVariable axis in group) extended[axis] = value;
                return extended;
            })).ToList();
        }
        return result;
    }

    private PrefixState Initial(Dictionary<DecodeVariable, BigInteger> mode)
    {
        var values = mode.ToDictionary(m => m.Key, m => (BigInteger?)m.Value);
        var interpreter = new DecodeInterpreter(values);
        foreach (DecodeVariable variable in relevant.Where(v => !mode.ContainsKey(v)))
        {
            KeyValuePair<DecodeVariable, BigInteger> same = mode.FirstOrDefault(m => variable.Initial is not null && ReferenceEquals(m.Key.Initial, variable.Initial));
            values[variable] = same.Key is not null ? same.Value : variable.Initial is null ? BigInteger.Zero : interpreter.Evaluate(variable.Initial);
        }
        return new PrefixState(mode, Array.Empty<byte>(), values.Where(v => relevant.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value), Array.Empty<byte>());
    }

    private PrefixState After(PrefixState state, byte prefix, IrStmt.Block body)
    {
        var values = state.Values.ToDictionary(v => v.Key, v => v.Value);
        new DecodeInterpreter(values).Run(body);
        IReadOnlyCollection<byte> seen = required.Contains(prefix) && !state.Seen.Contains(prefix) ? state.Seen.Concat(new[] { prefix }).OrderBy(b => b).ToList() : state.Seen;
        return state with
        {
            Prefixes = state.Prefixes.Concat(new[] { prefix }).ToList(),
            Values = values.Where(v => relevant.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value),
            Seen = seen,
        };
    }

    private void Visit(PrefixState state)
    {
        string key = string.Join(",", state.Values.OrderBy(v => v.Key.Name, StringComparer.Ordinal).Select(v => v.Value?.ToString(CultureInfo.InvariantCulture) ?? "?"))
            + ";" + string.Join(",", state.Seen);
        if (found.ContainsKey(key)) return;
        found.Add(key, state);
        pending.Enqueue(state);
    }
}
