using Emulator.Isa.Analysis;
using Emulator.Isa.Semantics;
using static Emulator.Isa.Emit.CSharpNames;

namespace Emulator.Isa.Emit;

/// <summary>What generated code does after a state was written, besides writing it.</summary>
internal static class Updates
{
    /// <summary>Statements that follow a write of an atom: derived states, on-write code, the decode context, the translation table in use.</summary>
    /// <param name="element">The element written when it is known, else -1.</param>
    /// <param name="index">The element written as C#; null for a scalar, or for any element.</param>
    public static IEnumerable<string> After(EmitContext context, StateAtom atom, int element, string? index)
    {
        var dependents = SpecFacts.Dependents(atom).ToList();
        foreach (StateAtom dependent in atom.Dependents) yield return Recompute(dependent, index);
        if (atom.OnWrite is not null) yield return atom.IsArray ? $"{Local(atom.OnWrite.Name)}(h, (uint)({index}));" : $"{Local(atom.OnWrite.Name)}(h);";
        var written = new[] { atom }.Concat(dependents).ToList();
        if (!written.Any(a => a.IsPc) && Stale(context, written, element, index) is { } stale) yield return stale;
        foreach (MemorySpec memory in context.Model.Memories)
        {
            if (context.Facts.PerAtoms.TryGetValue(memory, out var atoms) && written.Any(atoms.Contains)) yield return $"Select_{memory.Name}(h);";
        }
    }

    /// <summary>Computes a derived state anew: the element written, or all of them; and where it changes, what depends on it.</summary>
    public static string Recompute(StateAtom derived, string? index) => index is null || !derived.IsArray ? $"Recompute_{derived.Identifier}(h);" : $"Recompute_{derived.Identifier}(h, {index});";

    private static string? Stale(EmitContext context, List<StateAtom> written, int element, string? index)
    {
        var elements = new HashSet<int>();
        foreach ((StateAtom atom, int at) in context.Facts.Context)
        {
            if (written.Contains(atom)) elements.Add(at);
        }
        if (elements.Count == 0) return null;
        if (elements.Contains(-1) || index is null || elements.Count > 2) return "h->ContextStale = 1;";
        if (element >= 0) return elements.Contains(element) ? "h->ContextStale = 1;" : null;
        return $"if ({string.Join(" || ", elements.OrderBy(e => e).Select(e => $"{index} == {Int(e)}"))}) h->ContextStale = 1;";
    }
}
