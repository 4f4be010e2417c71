using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What is derived of a form under a profile.</summary>
/// <param name="Form">The form.</param>
/// <param name="Class">Its class.</param>
/// <param name="Traps">Every guest-mode state ends in a trap (memory traps excepted).</param>
/// <param name="Privileged">The same, and no monitor-mode state traps: privileged in the paper's sense.</param>
/// <param name="Controls">Roles of the resources it changes in some state: control-sensitive when there are any.</param>
/// <param name="Behaviour">Roles of the resources its results depend on: behaviour-sensitive when there are any.</param>
/// <param name="Difference">For a critical form: what shows it.</param>
/// <param name="UserDifference">For a form that is critical between guest-mode states alone (Theorem 3): what shows it.</param>
/// <param name="CriticalRoles">Roles of everything a guest-mode execution shows without a trap.</param>
/// <param name="Access">Access by mode, in the order of the modes.</param>
/// <param name="Effects">Everything it does to or with resources, for explanations.</param>
/// <param name="Intercepted">The profile intercepts it.</param>
/// <param name="Followed">False where the derivation gave up: then the worst is assumed.</param>
public sealed record FormVerdict(FormModel Form, FormClass Class, bool Traps, bool Privileged, ResourceRoles Controls, ResourceRoles Behaviour, Difference? Difference,
    Difference? UserDifference, ResourceRoles CriticalRoles, ImmutableArray<ModeAccess> Access, ImmutableArray<EffectNote> Effects, bool Intercepted, bool Followed)
{
    public bool Critical => Class == FormClass.Critical;

    public bool Sensitive => Controls != ResourceRoles.None || Behaviour != ResourceRoles.None;

    /// <summary>Sensitivities: <c>control</c> and the kinds of behaviour sensitivity.</summary>
    public IEnumerable<string> Kinds => (Controls != ResourceRoles.None ? new[] { "control" } : Array.Empty<string>()).Concat(RoleNames.Kinds(Behaviour));
}
