namespace Emulator.Reports.Model;

/// <summary>The verdict under a hosting profile.</summary>
/// <param name="Profile">Name of the profile.</param>
/// <param name="Theorems">The three theorems.</param>
/// <param name="Counts">Number of forms by class.</param>
/// <param name="Forms">Every form, in the order of the spec.</param>
/// <param name="Resources">What reads and writes each piece of resource state.</param>
/// <param name="Traps">Traps and the instructions that may raise them.</param>
/// <param name="Changes">Differences from the committed verdict; null when it was not asked for.</param>
public sealed record ProfileReport(string Profile, IReadOnlyList<TheoremReport> Theorems, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<FormReport> Forms,
    IReadOnlyList<ResourceReport> Resources, IReadOnlyList<TrapReport> Traps, IReadOnlyList<string>? Changes);
