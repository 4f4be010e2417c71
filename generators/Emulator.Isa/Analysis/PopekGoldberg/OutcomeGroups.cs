using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// Numbers the outcomes of runs, equal ones equally. Many of the states a body is executed in do not matter to it, and what two runs have to do with each other is the same for all runs of
/// their groups.
/// </summary>
internal sealed class OutcomeGroups(FlowFacts flow, TermFactory terms)
{
    private readonly IsaModel model = flow.Model;
    private readonly Dictionary<List<int>, int> results = new(Comparer.Instance);
    private readonly Dictionary<List<int>, int> outcomes = new(Comparer.Instance);

    /// <summary>Number of what a completed run leaves in user state and memory.</summary>
    public int ResultsOf(SymbolicState final, ProfileState state)
    {
        var key = new List<int>();
        AddResults(key, final, state);
        return Number(results, key);
    }

    /// <summary>Number of everything that comparing a run with others looks at.</summary>
    public int Of(SymbolicRun run, ProfileState state)
    {
        var key = new List<int> { run.Final is null ? 0 : 1 };
        AddPath(key, run.Assumed, null);
        if (run.Final is { } final)
        {
            AddResults(key, final, state);
            foreach (StateAtom atom in model.Atoms)
            {
                if (!flow.IsResource(atom) || atom.Derived is not null || final.Atoms[atom.Index] is not { } value) continue;
                key.Add(atom.Index);
                key.Add(value.Id);
                key.Add(SymbolicExecutor.Initial(atom, flow, terms, state.Values).Id);
            }
            key.Add(-3);
            foreach (Term? device in final.Devices) key.Add(device?.Id ?? -1);
            AddPath(key, final.Path, run.Assumed);
        }
        foreach (TrapExit exit in run.Exits)
        {
            key.Add(exit.Trap.Index);
            key.Add((int)exit.Changed * 2 + (exit.Late ? 1 : 0));
            AddPath(key, exit.Path, run.Assumed);
        }
        key.Add(-4);
        foreach (Path? path in run.MemoryExits) AddPath(key, path, null);
        return Number(outcomes, key);
    }

    private void AddResults(List<int> key, SymbolicState final, ProfileState state)
    {
        foreach (StateAtom atom in model.Atoms)
        {
            if (flow.IsResource(atom) || atom.Derived is not null) continue;
            Term? value = final.Atoms[atom.Index];
            // What is as at the start counts the same whether it was written or not.
            Term? start = value is null && !state.Values.ContainsKey(atom) ? null : SymbolicExecutor.Initial(atom, flow, terms, state.Values);
            if (value is null ? start is null : ReferenceEquals(value, start) && !start.IsConst) continue;
            key.Add(atom.Index);
            key.Add((value ?? start)!.Id);
        }
        key.Add(-1);
        for (int i = 0; i < final.Memories.Length; i++)
        {
            if (final.Memories[i] is not { } memory || ReferenceEquals(memory, terms.Symbol(model.Memories[i], 0, ResourceRoles.None))) continue;
            key.Add(i);
            key.Add(memory.Id);
        }
        key.Add(-2);
    }

    private static void AddPath(List<int> key, Path? path, Path? from)
    {
        for (Path? p = path; p is not null && !ReferenceEquals(p, from); p = p.Parent) key.Add(p.Literal.Id);
        key.Add(-5);
    }

    private static int Number(Dictionary<List<int>, int> known, List<int> key)
    {
        if (!known.TryGetValue(key, out int number)) known.Add(key, number = known.Count);
        return number;
    }

    private sealed class Comparer : IEqualityComparer<List<int>>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(List<int>? x, List<int>? y) => x!.SequenceEqual(y!);

        public int GetHashCode(List<int> key)
        {
            int hash = 17;
            foreach (int part in key) hash = unchecked((hash * 31) + part);
            return hash;
        }
    }
}
