namespace Emulator.Testing;

/// <summary>A range of physical memory that a recording watches.</summary>
/// <param name="Address">Physical address of the first byte.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct MemoryWindow(ulong Address, int Length);
