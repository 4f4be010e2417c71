namespace Emulator.RiscV.Conformance;

/// <summary>Instructions that run together.</summary>
/// <param name="Address">Where they are.</param>
/// <param name="Code">Their bytes; the last is an ECALL.</param>
/// <param name="Forms">Forms of those that every run executes.</param>
internal sealed record Block(ulong Address, byte[] Code, IReadOnlyList<int> Forms);
