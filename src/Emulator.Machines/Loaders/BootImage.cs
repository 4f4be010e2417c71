namespace Emulator.Machines;

/// <summary>Everything a machine without firmware starts from.</summary>
/// <param name="Segments">What goes where in RAM, in this order.</param>
/// <param name="Entry">How the processor starts.</param>
public sealed record BootImage(IReadOnlyList<LoadSegment> Segments, CpuEntry Entry);
