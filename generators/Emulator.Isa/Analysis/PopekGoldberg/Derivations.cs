using System.Runtime.CompilerServices;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>
/// What was derived of bodies, kept for as long as their functions are: a revision of a model (an edit of some bodies, <see cref="IsaCompiler.Revise"/>) shares functions, states, profiles and
/// the bodies that did not change; of those nothing is derived again, unless a function that they call has another body.
/// </summary>
internal sealed class Derivations
{
    private static readonly ConditionalWeakTable<object, Derivations> Kept = new();

    private readonly Dictionary<(IrFunction Body, ProfileModel Profile), (ProfileStates States, BodyVerdict Verdict)> bodies = new();
    private readonly Dictionary<(IrFunction Body, int Flow, string States), BodyVerdict> verdicts = new();
    private readonly List<FlowFacts> flows = new();
    private readonly Dictionary<ProfileModel, FlowFacts> flowOf = new();
    private readonly Dictionary<ProfileModel, Dictionary<string, ProfileStates>> states = new();

    private SpecFacts? facts;

    /// <summary>Bodies executed so far, each in every state of a profile.</summary>
    public int Executed { get; private set; }

    /// <summary>Does something with what is known of a model, one thread at a time.</summary>
    public static T Use<T>(IsaModel model, SpecFacts facts, CancellationToken cancellation, Func<Derivations, T> use)
    {
        Derivations known = Kept.GetValue(facts.Kin, _ => new Derivations());
        lock (known)
        {
            known.Turn(model, facts, cancellation);
            return use(known);
        }
    }

    private void Turn(IsaModel model, SpecFacts now, CancellationToken cancellation)
    {
        if (ReferenceEquals(facts, now)) return;
        var code = new HashSet<IrFunction>(facts is null ? Enumerable.Empty<IrFunction>() : now.Functions.Where(f => !ReferenceEquals(facts.Model.BodyOf(f), model.BodyOf(f))));
        HashSet<IrFunction> reaching = now.Reaching(code);
        FlowFacts?[] revised = flows.Select(f => f.Revise(model, now, code, reaching, cancellation)).ToArray();
        if (revised.Contains(null))
        {
            bodies.Clear();
            verdicts.Clear();
            states.Clear();
            flows.Clear();
        }
        else
        {
            for (int i = 0; i < flows.Count; i++) flows[i] = revised[i]!;
            if (code.Count > 0) Keep(new HashSet<IrFunction>(now.Bodies.Where(b => !reaching.Contains(b))));
        }
        facts = now;
        flowOf.Clear();
        foreach (ProfileModel profile in model.Profiles)
        {
            if (!flows.Any(f => f.Fits(profile))) flows.Add(new FlowFacts(model, now, profile, cancellation));
        }
        Forget();
    }

    /// <summary>What is derived of a body under a profile, and the states it was executed in.</summary>
    public (ProfileStates States, BodyVerdict Verdict) Of(IrFunction body, ProfileModel profile)
    {
        if (bodies.TryGetValue((body, profile), out (ProfileStates States, BodyVerdict Verdict) known)) return known;
        FlowFacts flow = Flow(profile);
        ProfileStates used = States(profile, flow.Of(body));
        (IrFunction, int, string) key = (body, flows.IndexOf(flow), used.Key);
        if (!verdicts.TryGetValue(key, out BodyVerdict? verdict))
        {
            verdicts.Add(key, verdict = BodyAnalysis.Run(body, flow, used));
            Executed++;
        }
        bodies.Add((body, profile), (used, verdict));
        return (used, verdict);
    }

    /// <summary>How state flows under a profile.</summary>
    private FlowFacts Flow(ProfileModel profile) => flowOf.TryGetValue(profile, out FlowFacts? flow) ? flow : flowOf[profile] = flows.First(f => f.Fits(profile));

    /// <summary>The states of a profile for something that uses the given state.</summary>
    public ProfileStates States(ProfileModel profile, FlowSets sets)
    {
        if (!states.TryGetValue(profile, out Dictionary<string, ProfileStates>? cache)) states.Add(profile, cache = new Dictionary<string, ProfileStates>(StringComparer.Ordinal));
        return ProfileStates.Of(profile, Flow(profile), sets, cache);
    }

    /// <summary>Drops bodies that no model has any more, now and then.</summary>
    private void Forget()
    {
        if (verdicts.Count < 4096 || verdicts.Count < 4 * facts!.Bodies.Count * facts.Model.Profiles.Count) return;
        Keep(new HashSet<IrFunction>(facts.Bodies));
    }

    /// <summary>Drops all but some bodies.</summary>
    private void Keep(HashSet<IrFunction> kept)
    {
        foreach ((IrFunction Body, ProfileModel) key in bodies.Keys.Where(k => !kept.Contains(k.Body)).ToList()) bodies.Remove(key);
        foreach ((IrFunction Body, int, string) key in verdicts.Keys.Where(k => !kept.Contains(k.Body)).ToList()) verdicts.Remove(key);
    }
}
