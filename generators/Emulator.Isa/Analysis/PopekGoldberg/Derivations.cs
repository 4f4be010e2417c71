using System.Runtime.CompilerServices;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// What was derived of bodies, kept for as long as their functions are: a revision of a model (an edit of some bodies, <see cref="IsaCompiler.Revise"/>) shares functions, states, profiles and
/// the bodies that did not change, of which nothing is derived again.
/// </summary>
internal sealed class Derivations
{
    private static readonly ConditionalWeakTable<List<IrFunction>, Derivations> Kept = new();

    private readonly Dictionary<(IrFunction Body, ProfileModel Profile), (ProfileStates States, BodyVerdict Verdict)> bodies = new();
    private readonly Dictionary<(IrFunction Body, string States), BodyVerdict> verdicts = new();
    private readonly Dictionary<ProfileModel, Dictionary<string, ProfileStates>> states = new();

    private FlowFacts? flow;

    /// <summary>How state flows in the model that is analysed.</summary>
    public FlowFacts Flow => flow!;

    /// <summary>Bodies executed so far, each in every state of a profile.</summary>
    public int Executed { get; private set; }

    /// <summary>Does something with what is known of a model, one thread at a time.</summary>
    public static T Use<T>(IsaModel model, SpecFacts facts, CancellationToken cancellation, Func<Derivations, T> use)
    {
        Derivations known = Kept.GetValue(facts.Functions, _ => new Derivations());
        lock (known)
        {
            known.Turn(model, facts, cancellation);
            return use(known);
        }
    }

    private void Turn(IsaModel model, SpecFacts facts, CancellationToken cancellation)
    {
        if (flow is not null && ReferenceEquals(flow.Facts, facts)) return;
        flow = flow?.Revise(model, facts);
        if (flow is not null)
        {
            Forget();
            return;
        }
        bodies.Clear();
        verdicts.Clear();
        states.Clear();
        flow = new FlowFacts(model, facts, cancellation);
    }

    /// <summary>What is derived of a body under a profile, and the states it was executed in.</summary>
    public (ProfileStates States, BodyVerdict Verdict) Of(IrFunction body, ProfileModel profile)
    {
        if (bodies.TryGetValue((body, profile), out (ProfileStates States, BodyVerdict Verdict) known)) return known;
        ProfileStates used = States(profile, Flow.Of(body));
        string key = used.Key;
        if (!verdicts.TryGetValue((body, key), out BodyVerdict? verdict))
        {
            verdicts.Add((body, key), verdict = BodyAnalysis.Run(body, Flow, used));
            Executed++;
        }
        bodies.Add((body, profile), (used, verdict));
        return (used, verdict);
    }

    /// <summary>The states of a profile for something that uses the given state.</summary>
    public ProfileStates States(ProfileModel profile, FlowSets sets)
    {
        if (!states.TryGetValue(profile, out Dictionary<string, ProfileStates>? cache)) states.Add(profile, cache = new Dictionary<string, ProfileStates>(StringComparer.Ordinal));
        return ProfileStates.Of(profile, Flow, sets, cache);
    }

    /// <summary>Drops bodies that no model has any more, now and then.</summary>
    private void Forget()
    {
        if (verdicts.Count < 4096 || verdicts.Count < 4 * Flow.Facts.Bodies.Count * Flow.Model.Profiles.Count) return;
        var alive = new HashSet<IrFunction>(Flow.Facts.Bodies);
        foreach ((IrFunction Body, ProfileModel) key in bodies.Keys.Where(k => !alive.Contains(k.Body)).ToList()) bodies.Remove(key);
        foreach ((IrFunction Body, string) key in verdicts.Keys.Where(k => !alive.Contains(k.Body)).ToList()) verdicts.Remove(key);
    }
}
