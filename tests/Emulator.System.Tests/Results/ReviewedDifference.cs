namespace Emulator.System.Tests.Results;

/// <summary>A scenario another emulator gets wrong, with the result the manual demands.</summary>
/// <param name="Scenario">Name of the scenario.</param>
/// <param name="Reason">Section of the Intel SDM, and what the other one does.</param>
/// <param name="Expected">What each of our lines must contain, written down from the manual.</param>
internal sealed record ReviewedDifference(string Scenario, string Reason, IReadOnlyList<string> Expected);
