namespace Emulator.Isa.Analysis.Encodings;

/// <summary>
/// Sets of bit strings as reduced ordered binary decision diagrams. A set is the number of its node: 0 is empty, 1 is everything; equal sets have equal numbers.
/// </summary>
internal sealed class Bdd
{
    public const int False = 0, True = 1;

    private readonly List<(int Variable, int Low, int High)> nodes = new() { (int.MaxValue, 0, 0), (int.MaxValue, 1, 1) };
    private readonly Dictionary<(int, int, int), int> unique = new();
    private readonly Dictionary<(int, int), int> conjunctions = new();
    private readonly Dictionary<int, int> complements = new();
    private readonly Dictionary<(int, int, int), int> choices = new();

    /// <summary>The bit that decides first in a set; <see cref="int.MaxValue"/> for the constants.</summary>
    public int Variable(int node) => nodes[node].Variable;

    public int Low(int node) => nodes[node].Low;

    public int High(int node) => nodes[node].High;

    /// <summary>All strings in which a bit is one.</summary>
    public int Bit(int variable) => Node(variable, False, True);

    public int Node(int variable, int low, int high)
    {
        if (low == high) return low;
        if (unique.TryGetValue((variable, low, high), out int node)) return node;
        node = nodes.Count;
        nodes.Add((variable, low, high));
        unique.Add((variable, low, high), node);
        return node;
    }

    public int Not(int a)
    {
        if (a <= True) return 1 - a;
        if (complements.TryGetValue(a, out int result)) return result;
        (int variable, int low, int high) = nodes[a];
        result = Node(variable, Not(low), Not(high));
        complements[a] = result;
        complements[result] = a;
        return result;
    }

    public int And(int a, int b)
    {
        if (a == b || b == True) return a;
        if (a == True) return b;
        if (a == False || b == False) return False;
        if (a > b) (a, b) = (b, a);
        if (conjunctions.TryGetValue((a, b), out int result)) return result;
        (int va, int la, int ha) = nodes[a];
        (int vb, int lb, int hb) = nodes[b];
        int v = Math.Min(va, vb);
        result = Node(v, And(va == v ? la : a, vb == v ? lb : b), And(va == v ? ha : a, vb == v ? hb : b));
        conjunctions.Add((a, b), result);
        return result;
    }

    public int Or(int a, int b) => Not(And(Not(a), Not(b)));

    public int Xor(int a, int b) => Choose(a, Not(b), b);

    /// <summary><paramref name="c"/> ? <paramref name="a"/> : <paramref name="b"/>.</summary>
    public int Choose(int c, int a, int b)
    {
        if (c == True || a == b) return a;
        if (c == False) return b;
        if (a == True && b == False) return c;
        if (a == False && b == True) return Not(c);
        if (a == False) return And(Not(c), b);
        if (b == False) return And(c, a);
        if (choices.TryGetValue((c, a, b), out int result)) return result;
        (int vc, int lc, int hc) = nodes[c];
        (int va, int la, int ha) = nodes[a];
        (int vb, int lb, int hb) = nodes[b];
        int v = Math.Min(vc, Math.Min(va, vb));
        result = Node(v, Choose(vc == v ? lc : c, va == v ? la : a, vb == v ? lb : b), Choose(vc == v ? hc : c, va == v ? ha : a, vb == v ? hb : b));
        choices.Add((c, a, b), result);
        return result;
    }

    /// <summary>The strings of a set that have a bit as given, without that bit.</summary>
    public int Restrict(int a, int variable, bool value)
    {
        (int v, int low, int high) = nodes[a];
        if (v > variable) return a;
        if (v == variable) return value ? high : low;
        return Node(v, Restrict(low, variable, value), Restrict(high, variable, value));
    }

    /// <summary>Bits that are one in some member of a non-empty set; bits of the member that are not mentioned are zero.</summary>
    public HashSet<int> Member(int a)
    {
        var ones = new HashSet<int>();
        while (a > True)
        {
            (int v, int low, int high) = nodes[a];
            if (low == False)
            {
                ones.Add(v);
                a = high;
            }
            else a = low;
        }
        return ones;
    }
}
