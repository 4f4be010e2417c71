namespace Emulator.Machines;

/// <summary>A file that goes into a machine, already read.</summary>
/// <param name="Name">How messages call it, usually its path.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ImageFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Size in bytes.</summary>
    public int Length => Content.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Content.Span;
}
