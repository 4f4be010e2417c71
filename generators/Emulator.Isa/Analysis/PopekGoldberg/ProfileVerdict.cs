using System.Collections.Immutable;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>The verdict under a hosting profile.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Forms">Every form of the instruction set, in order.</param>
/// <param name="Theorem1">No critical form: a virtual machine monitor can be constructed.</param>
/// <param name="Theorem2">Theorem 1 and no timing dependency: recursively virtualizable.</param>
/// <param name="Theorem3">No user-sensitive form that does not trap: a hybrid monitor can be constructed.</param>
public sealed record ProfileVerdict(ProfileModel Profile, ImmutableArray<FormVerdict> Forms, TheoremVerdict Theorem1, TheoremVerdict Theorem2, TheoremVerdict Theorem3)
{
    public string Name => Profile.Name;

    /// <summary>Whether the monitor, and the guest, have any state at all.</summary>
    public bool HasMonitor { get; init; } = true;

    public bool HasGuest { get; init; } = true;

    /// <summary>
    /// The smallest set of forms that must be intercepted or rewritten for Theorem 1 to hold. Criticality is a property of one form alone, so the set is unique: the
    /// critical forms.
    /// </summary>
    public ImmutableArray<FormVerdict> RepairSet => Theorem1.Breaking;
}
