namespace Emulator.Runtime.Assembly;

/// <summary>A way to read a text as one of a form.</summary>
/// <param name="Constraints">What it says of decode values.</param>
/// <param name="TextIds">For each operand, which of its alternatives' texts was read; null when it is not written.</param>
/// <param name="Canonical">The text as the disassembler must write it.</param>
internal sealed record TextMatch(Constraint[] Constraints, string?[] TextIds, string Canonical);
