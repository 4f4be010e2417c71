namespace Emulator.Reports.Model;

/// <summary>A piece of resource state and the instructions that concern it, the relocation map excepted.</summary>
/// <param name="State">Its name.</param>
/// <param name="Role">Its role.</param>
/// <param name="ReadBy">Instructions that may read it.</param>
/// <param name="WrittenBy">Instructions that may write it.</param>
public sealed record ResourceReport(string State, string Role, IReadOnlyList<string> ReadBy, IReadOnlyList<string> WrittenBy);
