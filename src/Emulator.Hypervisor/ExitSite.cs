namespace Emulator.Hypervisor;

/// <summary>A place in the guest that exits.</summary>
/// <param name="Pc">Value of the program counter.</param>
/// <param name="Variant">Variant of the operation there.</param>
/// <param name="Count">How often.</param>
public readonly record struct ExitSite(ulong Pc, int Variant, long Count);
