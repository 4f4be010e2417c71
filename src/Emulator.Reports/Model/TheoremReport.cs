namespace Emulator.Reports.Model;

/// <summary>Whether a theorem's condition holds.</summary>
/// <param name="Number">1, 2 or 3.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Sentence">What that means, in one line.</param>
/// <param name="Breaking">Instructions that break it.</param>
public sealed record TheoremReport(int Number, bool Holds, string Sentence, IReadOnlyList<string> Breaking);
