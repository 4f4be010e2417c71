namespace Emulator.Runtime;

/// <summary>A memory a spec declares.</summary>
/// <param name="Name">Its name in the spec.</param>
/// <param name="AddressBits">Width of its addresses.</param>
/// <param name="IsBus">True for a bus (RAM and devices), false for a paged memory.</param>
/// <param name="Over">For a paged memory, the index of the bus its translation leads to; -1 for a bus.</param>
public readonly record struct MemorySpec(string Name, int AddressBits, bool IsBus, int Over);
