namespace Emulator.Isa.Syntax;

/// <summary>Compares files by what they mean: an edit of a comment makes no difference.</summary>
public sealed class SpecFileMeaning : IEqualityComparer<SpecFile>
{
    public static readonly SpecFileMeaning Comparer = new();

    public bool Equals(SpecFile? x, SpecFile? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Path == y.Path && x.MeaningKey == y.MeaningKey);

    public int GetHashCode(SpecFile file) => file.Path.GetHashCode() * 31 + file.MeaningKey.GetHashCode();
}
