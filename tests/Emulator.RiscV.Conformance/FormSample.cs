namespace Emulator.RiscV.Conformance;

/// <summary>How instructions of one form look: bits that are always the same, and bits that may be anything.</summary>
/// <param name="Form">Index of the form in the metadata.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Example">An instruction of the form.</param>
/// <param name="Free">Bits of it that may be changed, one at a time, without leaving the form.</param>
internal sealed record FormSample(int Form, int Length, uint Example, uint Free);
