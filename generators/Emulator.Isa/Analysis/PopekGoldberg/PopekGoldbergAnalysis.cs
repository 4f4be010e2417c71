using System.Collections.Immutable;
using System.Numerics;
using Emulator.Isa.Diagnostics;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Derives from the semantics what each form is in the sense of Popek and Goldberg, per hosting profile, and compares it with the marks (docs/popek-goldberg.md).</summary>
public static class PopekGoldbergAnalysis
{
    /// <summary>Analyses a bound instruction set. Of a revision only the bodies that changed are executed; what is said of the others names the places where they stood.</summary>
    /// <param name="facts">Facts about the model; effects must have been computed (<see cref="EffectAnalysis"/>).</param>
    public static VirtualizabilityReport Run(IsaModel model, SpecFacts facts, CancellationToken cancellation = default)
    {
        if (model.Profiles.Count == 0) return new VirtualizabilityReport(model, ImmutableArray<ProfileVerdict>.Empty, ImmutableArray<IsaDiagnostic>.Empty);
        return Derivations.Use(model, facts, cancellation, derivations =>
        {
            var undeclared = new Dictionary<IrFunction, List<InstructionModel>>();
            ImmutableArray<ProfileVerdict> profiles = model.Profiles.Select(p => Profile(p, model, derivations, undeclared, cancellation)).ToImmutableArray();
            return new VirtualizabilityReport(model, profiles, MarkChecks.Run(model, profiles, undeclared));
        });
    }

    private static ProfileVerdict Profile(ProfileModel profile, IsaModel model, Derivations derivations, Dictionary<IrFunction, List<InstructionModel>> undeclared, CancellationToken cancellation)
    {
        var forms = ImmutableArray.CreateBuilder<FormVerdict>();
        ImmutableArray<ProfileState> whole = derivations.States(profile, new FlowSets()).States;
        foreach (FormModel form in model.Decode.Forms)
        {
            cancellation.ThrowIfCancellationRequested();
            var verdicts = new List<BodyVerdict>();
            Difference? difference = null;
            Difference? user = null;
            foreach (IrFunction body in form.Cases.SelectMany(c => c.Variants).Select(v => v.Body).Distinct())
            {
                (ProfileStates states, BodyVerdict verdict) = derivations.Of(body, profile);
                verdicts.Add(verdict);
                difference ??= states.Rebase(verdict.Critical);
                user ??= states.Rebase(verdict.UserCritical);
                foreach (IrFunction external in verdict.Undeclared)
                {
                    if (!undeclared.TryGetValue(external, out List<InstructionModel>? users)) undeclared.Add(external, users = new List<InstructionModel>());
                    if (!users.Contains(form.Instruction)) users.Add(form.Instruction);
                }
            }
            forms.Add(Combine(form, profile, verdicts, difference, user, model));
        }
        ImmutableArray<FormVerdict> all = forms.ToImmutable();
        ImmutableArray<FormVerdict> critical = all.Where(f => f.Critical).ToImmutableArray();
        ImmutableArray<FormVerdict> timed = all.Where(f => f.Critical && (f.CriticalRoles & ResourceRoles.Timer) != 0).ToImmutableArray();
        ImmutableArray<FormVerdict> hybrid = all.Where(f => f.UserDifference is not null).ToImmutableArray();
        return new ProfileVerdict(profile, all, new TheoremVerdict(1, critical.IsEmpty, critical),
            new TheoremVerdict(2, critical.IsEmpty, timed.IsEmpty ? critical : timed), new TheoremVerdict(3, hybrid.IsEmpty, hybrid))
        {
            HasMonitor = whole.Any(s => s.Monitor),
            HasGuest = whole.Any(s => s.Guest),
        };
    }

    /// <summary>A form is what its variants are together: it traps when all do, and is as sensitive as any.</summary>
    private static FormVerdict Combine(FormModel form, ProfileModel profile, List<BodyVerdict> verdicts, Difference? difference, Difference? user, IsaModel model)
    {
        bool intercepted = profile.Intercepts.Contains(form.Instruction.Name);
        bool traps = intercepted || verdicts.All(v => v.Traps);
        ResourceRoles controls = verdicts.Aggregate(ResourceRoles.None, (r, v) => r | v.Controls) & ResourceRoles.All;
        ResourceRoles behaviour = Visible(verdicts.Aggregate(ResourceRoles.None, (r, v) => r | v.Behaviour));
        bool followed = verdicts.All(v => !v.Abandoned);
        if (intercepted) difference = user = null;
        bool privileged = traps && verdicts.All(v => !v.MonitorTraps);
        bool critical = difference is not null || (!followed && !intercepted);
        bool sensitive = controls != ResourceRoles.None || behaviour != ResourceRoles.None;
        FormClass @class = critical ? FormClass.Critical : traps && privileged ? FormClass.Privileged : sensitive ? FormClass.Sensitive : FormClass.Innocuous;
        ImmutableArray<EffectNote> notes = verdicts.SelectMany(v => v.Notes).GroupBy(n => (n.Kind, n.Target, n.Span)).Select(g => g.First()).ToImmutableArray();
        ResourceRoles roles = intercepted ? ResourceRoles.None : verdicts.Aggregate(ResourceRoles.None, (r, v) => r | v.CriticalRoles);
        return new FormVerdict(form, @class, traps, privileged, controls, behaviour, difference, user, roles, Access(verdicts, model), notes, intercepted, followed);
    }

    private static ResourceRoles Visible(ResourceRoles roles) =>
        (roles & ResourceRoles.Mapped) != 0 ? (roles & ResourceRoles.All) | ResourceRoles.Relocation : roles;

    private static ImmutableArray<ModeAccess> Access(List<BodyVerdict> verdicts, IsaModel model)
    {
        var result = ImmutableArray.CreateBuilder<ModeAccess>();
        foreach ((string name, BigInteger value) in model.Modes)
        {
            var here = verdicts.Where(v => v.Access.ContainsKey(value)).Select(v => v.Access[value]).ToList();
            if (here.Count == 0) continue;
            AccessKind kind = here.All(a => a.Kind == here[0].Kind) ? here[0].Kind : AccessKind.Sometimes;
            result.Add(new ModeAccess(name, kind, kind == AccessKind.Sometimes ? here.Select(a => a.Trapping).FirstOrDefault(t => t.Length > 0) ?? "" : ""));
        }
        return result.ToImmutable();
    }
}
