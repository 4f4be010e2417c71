using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Executes a body in every state of a profile and compares the outcomes as the definitions say.</summary>
internal sealed class BodyAnalysis
{
    private readonly IrFunction body;
    private readonly FlowFacts flow;
    private readonly ProfileStates states;
    private readonly TermFactory terms = new();
    private readonly List<(ProfileState State, SymbolicRun Run)> runs = new();
    private readonly BodyVerdict verdict = new();
    private readonly StateAtom[] visible;
    private readonly StateAtom[] resources;
    private readonly ImmutableArray<StateAtom> varying;
    private readonly OutcomeGroups groups;
    private readonly List<int> runGroups = new();
    private readonly Dictionary<int, (BodyComparison Strict, BodyComparison? Relaxed)> guests = new();
    private readonly Dictionary<Term, string> texts = new();
    private bool behindMemoryTrap;

    private BodyAnalysis(IrFunction body, FlowFacts flow, ProfileStates states)
    {
        this.body = body;
        this.flow = flow;
        this.states = states;
        varying = states.Varying;
        groups = new OutcomeGroups(flow, terms);
        visible = flow.Model.Atoms.Where(a => !flow.IsResource(a) && a.Derived is null).ToArray();
        resources = flow.Model.Atoms.Where(a => flow.IsResource(a) && a.Derived is null).ToArray();
    }

    public static BodyVerdict Run(IrFunction body, FlowFacts flow, ProfileStates states)
    {
        var analysis = new BodyAnalysis(body, flow, states);
        analysis.Execute();
        analysis.Classify();
        analysis.DescribeAccess();
        return analysis.verdict;
    }

    private void Execute()
    {
        foreach (ProfileState state in states.States)
        {
            SymbolicRun run = SymbolicExecutor.Run(body, flow, terms, state.Values, states.Assumptions, states.OwnMemories);
            runs.Add((state, run));
            verdict.Abandoned |= run.Abandoned;
            verdict.Undeclared.UnionWith(run.Undeclared);
            foreach (EffectNote note in run.Notes)
            {
                if (!verdict.Notes.Any(n => n.Kind == note.Kind && n.Target == note.Target && n.Span == note.Span)) verdict.Notes.Add(note);
            }
        }
    }

    private void Classify()
    {
        verdict.Traps = runs.All(r => !r.State.Guest || (!r.Run.Completes && r.Run.Exits.All(e => !e.Late)));
        verdict.MonitorTraps = runs.Any(r => r.State.Monitor && r.Run.Exits.Count > 0);
        foreach ((ProfileState state, SymbolicRun run) in runs)
        {
            if (run.Final is { } final)
            {
                verdict.Controls |= Changed(final, state, null, null);
                verdict.Behaviour |= Shown(final, null, null);
            }
            foreach (TrapExit exit in run.Exits) verdict.Controls |= exit.Changed;
        }
        verdict.Behaviour |= ModeDifferences();
        // What a guest that is compared with itself only does is what counts, not what the same instruction does in the monitor's mode.
        ResourceRoles concerned = states.OwnMemories.IsEmpty ? verdict.Controls | verdict.Behaviour : GuestRoles();
        foreach ((ProfileState State, SymbolicRun Run) guest in runs.Where(r => r.State.Guest))
        {
            if (guest.Run.Final is not null) CompareWithAll(guest.State, guest.Run);
            behindMemoryTrap = false;
            foreach (TrapExit exit in guest.Run.Exits.Where(e => e.Changed != ResourceRoles.None))
                Found(DifferenceKind.GuestChangesResource, exit.Changed, guest.State, guest.State, guest.Run, user: true);
            if (concerned != ResourceRoles.None && guest.Run.Exits.Any(e => e.Late))
                Found(DifferenceKind.LateTrap, concerned, guest.State, guest.State, guest.Run, user: true);
        }
        if (verdict.Abandoned)
        {
            verdict.Controls = verdict.Behaviour = ResourceRoles.All;
            verdict.Traps = false;
        }
    }

    /// <summary>Roles of resources that the guest's executions change or show.</summary>
    private ResourceRoles GuestRoles()
    {
        ResourceRoles roles = ResourceRoles.None;
        foreach ((ProfileState state, SymbolicRun run) in runs.Where(r => r.State.Guest))
        {
            if (run.Final is { } final) roles |= Changed(final, state, null, null) | Shown(final, null, null);
            foreach (TrapExit exit in run.Exits) roles |= exit.Changed;
        }
        return roles;
    }

    /// <summary>Roles of the enumerated bits that make completed executions differ.</summary>
    private ResourceRoles ModeDifferences()
    {
        ResourceRoles roles = ResourceRoles.None;
        ResourceRoles mixed = ResourceRoles.None;
        var completed = runs.Where(r => r.Run.Final is not null).Select(r => (r.State, Group: groups.ResultsOf(r.Run.Final!, r.State))).ToList();
        for (int i = 0; i < completed.Count; i++)
        {
            for (int j = i + 1; j < completed.Count; j++)
            {
                if (!Comparable(completed[i].State) || !Comparable(completed[j].State)) continue;
                if (completed[i].Group == completed[j].Group || !completed[i].State.AgreesInUserState(completed[j].State)) continue;
                ResourceRoles differing = completed[i].State.Differing(completed[j].State);
                if ((differing & (differing - 1)) == 0) roles |= differing;
                else mixed |= differing;
            }
        }
        return roles != ResourceRoles.None ? roles : mixed;
    }

    /// <summary>Whether the guest is compared with this state: where it has state of its own, with its own modes only.</summary>
    private bool Comparable(ProfileState state) => states.OwnMemories.IsEmpty || state.Guest;

    /// <summary>Compares a guest-mode execution that completes with those of every state that agrees in user state.</summary>
    private void CompareWithAll(ProfileState state, SymbolicRun run)
    {
        int group = groups.Of(run, state);
        if (!guests.TryGetValue(group, out (BodyComparison Strict, BodyComparison? Relaxed) comparison)) guests.Add(group, comparison = Compare(run));
        CompareWithAll(state, run, comparison.Strict, memoryTraps: false);
        if (comparison.Relaxed is { } relaxed) CompareWithAll(state, run, relaxed, memoryTraps: true);
    }

    /// <summary>What is assumed where a guest-mode execution is compared: that it completes, and the same but for what keeps it from a memory trap.</summary>
    private (BodyComparison Strict, BodyComparison? Relaxed) Compare(SymbolicRun run)
    {
        Path? path = null;
        Path? relaxed = null;
        foreach (Term literal in Path.Literals(run.Final!.Path, run.Assumed))
        {
            // Conditions on user data hold in both executions; those on resources only here.
            if (literal.IsResource) continue;
            path = Path.Assume(path, literal, true, terms);
            // Data for which the guest has a memory trap are not data for which it traps.
            bool excludesMemoryTrap = run.MemoryExits.Any(p => Path.Decide(literal, p) == false) && !run.Exits.Any(e => Path.Decide(literal, e.Path) == false);
            if (!excludesMemoryTrap) relaxed = Path.Assume(relaxed, literal, true, terms);
        }
        return (new BodyComparison(path), relaxed?.Depth != path?.Depth ? new BodyComparison(relaxed) : null);
    }

    private void CompareWithAll(ProfileState state, SymbolicRun run, BodyComparison comparison, bool memoryTraps)
    {
        behindMemoryTrap = memoryTraps;
        PairOutcome own = comparison.Of(groups.Of(run, state), same: true, () => Pair(state, run, state, run, comparison, memoryTraps));
        if (own.Changed != ResourceRoles.None) Found(DifferenceKind.GuestChangesResource, own.Changed, state, state, run, user: true);
        if (own.Shown != ResourceRoles.None) Found(DifferenceKind.ResultShowsResource, own.Shown, state, state, run, user: true);
        for (int i = 0; i < runs.Count; i++)
        {
            (ProfileState otherState, SymbolicRun otherRun) = runs[i];
            if (!Comparable(otherState) || !otherState.AgreesInUserState(state)) continue;
            bool same = ReferenceEquals(otherState, state);
            PairOutcome pair = same ? own : comparison.Of(GroupOf(i), same: false, () => Pair(state, run, otherState, otherRun, comparison, memoryTraps));
            if (!same && otherRun.Final is not null)
            {
                ResourceRoles dropped = pair.Changed & ~own.Changed;
                if (dropped != ResourceRoles.None) Found(DifferenceKind.DroppedWrite, dropped, otherState, state, otherRun, otherState.Guest);
                ResourceRoles seen = pair.Shown & ~own.Shown;
                if (seen != ResourceRoles.None) Found(DifferenceKind.ResultShowsResource, seen, otherState, state, otherRun, otherState.Guest);
                if (!pair.SameResults) Found(DifferenceKind.ResultDiffers, state.Differing(otherState), otherState, state, otherRun, otherState.Guest);
            }
            // What the profile holds does not vary between the states.
            foreach (ResourceRoles roles in pair.Traps)
                Found(DifferenceKind.MissingTrap, roles | (same ? ResourceRoles.None : state.Differing(otherState)), otherState, state, otherRun, otherState.Guest);
        }
    }

    private int GroupOf(int i)
    {
        while (runGroups.Count <= i) runGroups.Add(groups.Of(runs[runGroups.Count].Run, runs[runGroups.Count].State));
        return runGroups[i];
    }

    /// <summary>What an execution has to do with a guest-mode execution that completes.</summary>
    private PairOutcome Pair(ProfileState state, SymbolicRun run, ProfileState otherState, SymbolicRun otherRun, BodyComparison comparison, bool memoryTraps)
    {
        bool same = ReferenceEquals(otherState, state);
        ResourceRoles changed = ResourceRoles.None;
        ResourceRoles shown = ResourceRoles.None;
        bool sameResults = true;
        if (otherRun.Final is { } other)
        {
            changed = Changed(other, otherState, comparison.Path, comparison.Memo);
            shown = Shown(other, comparison.Path, comparison.Memo);
            sameResults = same || SameResults(run.Final!, other, state, comparison.Path, comparison.Memo);
        }
        var traps = new List<ResourceRoles>();
        foreach (TrapExit exit in otherRun.Exits)
        {
            if (!memoryTraps && MayTrapInstead(exit, otherRun, comparison.Path, same, run, out ResourceRoles roles)) traps.Add(roles);
        }
        return new PairOutcome(changed, shown, sameResults, traps);
    }

    /// <summary>Whether an exit may be taken in a state with the same user state while this execution completes.</summary>
    private bool MayTrapInstead(TrapExit exit, SymbolicRun other, Path? path, bool same, SymbolicRun run, out ResourceRoles roles)
    {
        roles = ResourceRoles.None;
        foreach (Term literal in Path.Literals(exit.Path, other.Assumed))
        {
            if (Path.Decide(literal, path) == false) return false;
            roles |= literal.Taint;
        }
        if (roles != ResourceRoles.None) return true;
        if (same) return false;
        Term condition = Path.Since(exit.Path, other.Assumed, terms);
        return !run.Exits.Any(e => ReferenceEquals(Path.Since(e.Path, run.Assumed, terms), condition));
    }

    private void Found(DifferenceKind kind, ResourceRoles roles, ProfileState reference, ProfileState guest, SymbolicRun run, bool user)
    {
        if ((roles & ResourceRoles.Mapped) != 0) roles = (roles & ~ResourceRoles.Mapped) | ResourceRoles.Relocation;
        verdict.CriticalRoles |= roles;
        verdict.Behaviour |= kind == DifferenceKind.MissingTrap ? roles : ResourceRoles.None;
        EffectKind wanted = kind switch
        {
            DifferenceKind.GuestChangesResource or DifferenceKind.DroppedWrite => EffectKind.WritesResource,
            _ => EffectKind.ShowsResource,
        };
        EffectNote? note = run.Notes.FirstOrDefault(n => n.Kind == wanted && (n.Roles & roles) != 0) ?? run.Notes.FirstOrDefault(n => n.Kind == wanted)
            ?? run.Notes.FirstOrDefault(n => (n.Roles & roles) != 0);
        if (kind is DifferenceKind.MissingTrap or DifferenceKind.LateTrap && run.Exits.Count > 0)
        {
            TrapExit exit = run.Exits.FirstOrDefault(e => e.Late == (kind == DifferenceKind.LateTrap)) ?? run.Exits[0];
            note = new EffectNote(EffectKind.Traps, exit.Trap.Name, roles, exit.Span, exit.Guards);
        }
        var difference = new Difference(kind, roles, reference.Example, guest.GuestExample!, varying, body, note) 
        {
            ReferenceKey = reference.Key,
            GuestKey = guest.Key,
            GuestMemoryTraps = behindMemoryTrap,
            Bypasses = run.Notes.Any(n => n.Kind == EffectKind.BypassesRelocation),
        };
        if (verdict.Critical is null || Better(difference, verdict.Critical)) verdict.Critical = difference;
        if (user && (verdict.UserCritical is null || Better(difference, verdict.UserCritical))) verdict.UserCritical = difference;
    }

    /// <summary>The plainest difference is shown: rather against the monitor's mode than between two of the guest's.</summary>
    private bool Better(Difference a, Difference b) => a.GuestMemoryTraps != b.GuestMemoryTraps ? b.GuestMemoryTraps : Rank(a.Kind) != Rank(b.Kind) ? Rank(a.Kind) < Rank(b.Kind) : InMonitor(a) && !InMonitor(b);

    private bool InMonitor(Difference difference) => states.States.Any(s => s.Key == difference.ReferenceKey && s.Monitor);

    private static int Rank(DifferenceKind kind) => kind switch
    {
        DifferenceKind.DroppedWrite => 1,
        DifferenceKind.ResultShowsResource => 2,
        DifferenceKind.ResultDiffers => 3,
        DifferenceKind.GuestChangesResource => 0,
        DifferenceKind.MissingTrap => 4,
        _ => 5,
    };

    private Term Under(Term term, Path? path, Dictionary<Term, Term>? memo) => memo is null ? term : terms.Under(term, path, memo);

    private ResourceRoles Changed(SymbolicState final, ProfileState state, Path? path, Dictionary<Term, Term>? memo)
    {
        ResourceRoles roles = ResourceRoles.None;
        foreach (StateAtom atom in resources)
        {
            if (final.Atoms[atom.Index] is not { } value) continue;
            Term start = SymbolicExecutor.Initial(atom, flow, terms, state.Values);
            if (!ReferenceEquals(value, start) && !ReferenceEquals(Under(value, path, memo), Under(start, path, memo))) roles |= flow.RoleOf(atom);
        }
        for (int role = 0; role < final.Devices.Length; role++)
        {
            if (final.Devices[role] is { } device && Under(device, path, memo).Kind != TermKind.Symbol) roles |= (ResourceRoles)(1 << role);
        }
        return roles;
    }

    /// <summary>Roles of resources that user state or memory depends on at the end.</summary>
    private ResourceRoles Shown(SymbolicState final, Path? path, Dictionary<Term, Term>? memo)
    {
        ResourceRoles roles = ResourceRoles.None;
        foreach (StateAtom atom in visible)
        {
            if (final.Atoms[atom.Index] is { IsResource: true } value) roles |= Under(value, path, memo).Taint;
        }
        foreach (Term? memory in final.Memories)
        {
            if (memory is { IsResource: true }) roles |= Under(memory, path, memo).Taint;
        }
        return (roles & ResourceRoles.Mapped) != 0 ? (roles & ~ResourceRoles.Mapped) | ResourceRoles.Relocation : roles;
    }

    private bool SameResults(SymbolicState a, SymbolicState b, ProfileState state, Path? path, Dictionary<Term, Term>? memo)
    {
        foreach (StateAtom atom in visible)
        {
            if (!Same(a.Atoms[atom.Index], b.Atoms[atom.Index], () => SymbolicExecutor.Initial(atom, flow, terms, state.Values), path, memo)) return false;
        }
        for (int i = 0; i < a.Memories.Length; i++)
        {
            int memory = i;
            if (!Same(a.Memories[i], b.Memories[i], () => terms.Symbol(flow.Model.Memories[memory], 0, ResourceRoles.None), path, memo)) return false;
        }
        return true;
    }

    private bool Same(Term? a, Term? b, Func<Term> start, Path? path, Dictionary<Term, Term>? memo)
    {
        if (ReferenceEquals(a, b)) return true;
        return ReferenceEquals(Under(a ?? start(), path, memo), Under(b ?? start(), path, memo));
    }

    private void DescribeAccess()
    {
        foreach ((string name, BigInteger value) in flow.Model.Modes)
        {
            var here = runs.Where(r => r.State.Modes is null || r.State.Modes.Contains(value)).ToList();
            if (here.Count == 0) continue;
            bool never = here.All(r => !r.Run.Completes);
            var exits = here.SelectMany(r => r.Run.Exits.Select(e => (Exit: e, r.Run.Assumed))).Where(e => e.Exit.Trap.Kind is "protection" or "undefined").ToList();
            bool always = here.All(r => r.Run.Completes) && exits.Count == 0;
            AccessKind kind = never ? AccessKind.Never : always ? AccessKind.Always : AccessKind.Sometimes;
            string condition = kind == AccessKind.Sometimes
                ? string.Join(" or ", exits.Select(e => string.Join(" && ", Path.Literals(e.Exit.Path, e.Assumed).Select(Text))).Where(t => t.Length > 0).Distinct().Take(3))
                : "";
            verdict.Access.Add(value, new ModeAccess(name, kind, condition));
        }
    }

    private string Text(Term term)
    {
        if (!texts.TryGetValue(term, out string? text)) texts.Add(term, text = TermText.Of(term));
        return text;
    }
}
