namespace Emulator.Machines;

/// <summary>A program ready to be copied into memory.</summary>
/// <param name="Segments">What goes where.</param>
/// <param name="Entry">Physical address of the first instruction.</param>
public sealed record ExecutableImage(IReadOnlyList<LoadSegment> Segments, ulong Entry);
