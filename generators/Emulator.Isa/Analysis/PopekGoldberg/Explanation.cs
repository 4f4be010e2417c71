using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Why a form is what it is: resource state, the conditions on it, and the effect, each with its place in the spec.</summary>
public static class Explanation
{
    /// <summary>One sentence on what shows that a form is critical.</summary>
    public static string Sentence(Difference difference)
    {
        string effect = difference.Note is { } note ? $"{Effect(note)} (line {note.Span.Line})" : "the results differ";
        string reference = States(difference.Reference, difference.Guest);
        string guest = States(difference.Guest, difference.Reference);
        if (difference.GuestMemoryTraps) return $"with {reference} it {effect}, where with {guest} there is but a memory trap";
        return difference.Kind switch
        {
            DifferenceKind.GuestChangesResource => $"{In(difference)}it {effect}",
            DifferenceKind.DroppedWrite => $"with {reference} it {effect}, with {guest} that does not happen and nothing traps",
            DifferenceKind.ResultShowsResource => $"{In(difference)}it {effect}, which tells of {Roles(difference.Roles)} state",
            DifferenceKind.ResultDiffers => $"the results differ between {reference} and {guest}" + (difference.Note is null ? "" : $": it {effect}"),
            DifferenceKind.LateTrap => $"{In(difference)}it {effect} only after an effect that stays",
            _ => reference.Length == 0 ? $"whether it {effect} depends on {Roles(difference.Roles)} state" : $"with {reference} it {effect}, with {guest} it completes",
        };
    }

    /// <summary>The links from state to effect, with their places; effects of a kind are told once.</summary>
    public static IEnumerable<(SourceSpan Span, string Note)> Chain(FormVerdict form)
    {
        var notes = form.Effects.Where(n => n.Kind != EffectKind.ShowsResource || (n.Roles & (ResourceRoles.All | ResourceRoles.Mapped)) != 0 || !n.Guards.IsEmpty).Take(6).ToList();
        if (form.Difference?.Note is { } first) notes.Insert(0, first);
        var seen = new HashSet<(string, int, int)>();
        foreach (EffectNote note in notes)
        {
            foreach (Guard guard in note.Guards)
            {
                foreach (StateAtom atom in guard.Reads)
                {
                    if (seen.Add((atom.Span.File, atom.Span.Start, 0))) yield return (atom.Span, $"{atom.Name} is {atom.Role} state");
                }
                string names = guard.Reads.IsEmpty ? "a resource" : string.Join(", ", guard.Reads.Select(a => a.Name));
                if (seen.Add((guard.Span.File, guard.Span.Start, 1))) yield return (guard.Span, $"this depends on {names}");
            }
            if (seen.Add((note.Span.File, note.Span.Start, 2))) yield return (note.Span, Effect(note));
        }
    }

    /// <summary>What an effect is, as a verb phrase.</summary>
    public static string Effect(EffectNote note) => note.Kind switch
    {
        EffectKind.WritesResource => $"writes {note.Target}, {Roles(note.Roles)} state",
        EffectKind.ShowsResource => $"leaves in {note.Target} what depends on {Roles(note.Roles)} state",
        EffectKind.Traps => $"raises {note.Target}",
        EffectKind.AccessesDevice => $"accesses {note.Target}",
        EffectKind.BypassesRelocation => $"accesses {note.Target} past the relocation map",
        EffectKind.FlushesTranslations => $"drops translations of {note.Target}",
        _ => $"calls {note.Target}, which concerns {Roles(note.Roles)} state",
    };

    /// <summary>Resource bits as conditions; those in which two states differ, or all when there is no difference.</summary>
    public static string States(ImmutableDictionary<StateAtom, BigInteger> state, ImmutableDictionary<StateAtom, BigInteger> other) =>
        string.Join(", ", state.Where(v => !other.TryGetValue(v.Key, out BigInteger o) || o != v.Value).OrderBy(v => v.Key.Index).Select(v => $"{Short(v.Key)} = {v.Value}"));

    private static string In(Difference difference)
    {
        string all = string.Join(", ", difference.Varying.Where(a => a.Role is not null && difference.Guest.ContainsKey(a)).Select(a => $"{Short(a)} = {difference.Guest[a]}"));
        return all.Length == 0 ? "" : $"with {all} ";
    }

    private static string Short(StateAtom atom) => atom.Name.Substring(atom.Name.LastIndexOf('.') + 1);

    private static string Roles(ResourceRoles roles)
    {
        if ((roles & ResourceRoles.Mapped) != 0) roles = (roles & ~ResourceRoles.Mapped) | ResourceRoles.Relocation;
        string names = string.Join(" and ", RoleNames.Of(roles));
        return names.Length == 0 ? "resource" : names;
    }
}
