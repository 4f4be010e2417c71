namespace Emulator.Machines;

/// <summary>Why an image cannot be used, for people.</summary>
/// <param name="File">The file.</param>
/// <param name="Place">Where in it, as an offset or the name of a structure.</param>
/// <param name="Problem">What is wrong there.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ImageError(string File, string Place, string Problem, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Place}: {Problem}; {Remedy}";
}
