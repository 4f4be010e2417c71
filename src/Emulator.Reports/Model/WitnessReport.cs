namespace Emulator.Reports.Model;

/// <summary>Two executions of one instruction, side by side.</summary>
/// <param name="Bytes">The instruction, as hexadecimal bytes.</param>
/// <param name="Before">State before that is not as after a reset; the two values differ in resources alone.</param>
/// <param name="Memory">Bytes in memory before that are not zero.</param>
/// <param name="After">What the executions leave.</param>
public sealed record WitnessReport(string Bytes, IReadOnlyList<SideBySide> Before, IReadOnlyList<SideBySide> Memory, IReadOnlyList<SideBySide> After);
