namespace Emulator.Isa.Analysis.PopekGoldberg;

/// <summary>Compares terms one level deep: their arguments are shared already.</summary>
internal sealed class TermComparer : IEqualityComparer<Term>
{
    public static readonly TermComparer Instance = new();

    public bool Equals(Term? x, Term? y)
    {
        if (ReferenceEquals(x, y)) return true;
        if (x is null || y is null || x.Hash != y.Hash || x.Kind != y.Kind || x.Op != y.Op || x.Width != y.Width || !ReferenceEquals(x.Key, y.Key)) return false;
        if (x.Arguments.Length != y.Arguments.Length || (x.Kind == TermKind.Const && x.Value != y.Value)) return false;
        for (int i = 0; i < x.Arguments.Length; i++)
        {
            if (!ReferenceEquals(x.Arguments[i], y.Arguments[i])) return false;
        }
        return true;
    }

    public int GetHashCode(Term term) => term.Hash;
}
