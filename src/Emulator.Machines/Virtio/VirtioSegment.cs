namespace Emulator.Machines;

/// <summary>A piece of guest memory of a request.</summary>
/// <param name="Address">Guest-physical address.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsWritable">Whether the device writes it; else it reads it.</param>
public readonly record struct VirtioSegment(ulong Address, uint Length, bool IsWritable);
