namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>What an execution has to do with a guest-mode one that completes.</summary>
/// <param name="Changed">Roles of the resources it changes.</param>
/// <param name="Shown">Roles of the resources its results show.</param>
/// <param name="SameResults">Both leave the same in user state and memory.</param>
/// <param name="Traps">Roles that decide, for each exit that may be taken instead of completing.</param>
internal sealed record PairOutcome(ResourceRoles Changed, ResourceRoles Shown, bool SameResults, List<ResourceRoles> Traps);
