namespace Emulator.Machines;

/// <summary>A run of I/O ports one device answers.</summary>
/// <param name="First">Lowest port.</param>
/// <param name="Count">Number of ports.</param>
/// <param name="Width">Widest access in bytes the device takes in one piece (1, 2 or 4); the bus splits wider ones, lowest port first.</param>
public readonly record struct PortRange(ushort First, int Count, int Width = 1);
