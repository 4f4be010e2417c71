namespace Emulator.Isa;

/// <summary>Compares instruction sets by what their decoding depends on.</summary>
public sealed class BoundIsaOutline : IEqualityComparer<BoundIsa>
{
    public static readonly BoundIsaOutline Comparer = new();

    public bool Equals(BoundIsa? x, BoundIsa? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.CanEmit && y.CanEmit && x.Name == y.Name && x.OutlineKey == y.OutlineKey);

    public int GetHashCode(BoundIsa isa) => isa.OutlineKey.GetHashCode();
}
