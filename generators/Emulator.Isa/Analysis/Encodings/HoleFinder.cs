using System.Collections.Immutable;
using System.Globalization;
using Emulator.Isa.Semantics;

namespace Emulator.Isa.Analysis.Encodings;

/// <summary>Writes a set of inputs as patterns of bytes or bits.</summary>
internal sealed class HoleFinder(FormSets sets, DecodeModel decode, int most, CancellationToken cancellation)
{
    private readonly ImmutableArray<EncodingHole>.Builder holes = ImmutableArray.CreateBuilder<EncodingHole>();
    private readonly Bdd bdd = sets.Bdd;

    public ImmutableArray<EncodingHole> Find(int set)
    {
        if (decode.Words) Paths(set, new string('-', decode.Forms.Select(f => f.WordBits).DefaultIfEmpty(8 * decode.MaxLength).Max()).ToCharArray(), true);
        else Bytes(set, "", Array.Empty<byte>());
        return holes.ToImmutable();
    }

    /// <summary>Splits a set by its next byte; values after which the same is left stand together.</summary>
    private void Bytes(int set, string path, byte[] first)
    {
        var groups = new List<(int Left, List<int> Values)>();
        for (int value = 0; value < 256; value++)
        {
            int left = set;
            for (int bit = 7; bit >= 0; bit--) left = bdd.Restrict(left, FormSets.ByteBit(first.Length, bit), (value >> bit & 1) != 0);
            if (left == Bdd.False) continue;
            int index = groups.FindIndex(g => g.Left == left);
            if (index < 0) groups.Add((left, new List<int> { value }));
            else groups[index].Values.Add(value);
        }
        foreach ((int left, List<int> values) in groups)
        {
            cancellation.ThrowIfCancellationRequested();
            if (holes.Count >= most) return;
            string pattern = (path.Length > 0 ? path + " " : "") + Ranges(values);
            byte[] bytes = first.Concat(new[] { (byte)values[0] }).ToArray();
            if (DependsOnBytes(left)) Bytes(left, pattern, bytes);
            else holes.Add(new EncodingHole(pattern, Hex(sets.Example(left, 0).State.Prefixes.Concat(bytes)), left == sets.EveryState));
        }
    }

    private bool DependsOnBytes(int node)
    {
        var seen = new HashSet<int>();
        var work = new Stack<int>();
        work.Push(node);
        while (work.Count > 0)
        {
            int n = work.Pop();
            if (n <= Bdd.True || !seen.Add(n)) continue;
            if (FormSets.IsByteBit(bdd.Variable(n))) return true;
            work.Push(bdd.Low(n));
            work.Push(bdd.High(n));
        }
        return false;
    }

    /// <summary>Every path of the diagram to its one is a pattern; bits on none of it are free.</summary>
    private void Paths(int node, char[] bits, bool always)
    {
        cancellation.ThrowIfCancellationRequested();
        if (node == Bdd.False || holes.Count >= most) return;
        if (node == Bdd.True)
        {
            string pattern = new(bits);
            holes.Add(new EncodingHole(pattern, "0x" + Number(pattern), always));
            return;
        }
        int variable = bdd.Variable(node);
        if (!FormSets.IsByteBit(variable))
        {
            Paths(bdd.Low(node), bits, false);
            Paths(bdd.High(node), bits, false);
            return;
        }
        int position = Place(variable, bits.Length);
        bits[position] = '0';
        Paths(bdd.Low(node), bits, always);
        bits[position] = '1';
        Paths(bdd.High(node), bits, always);
        bits[position] = '-';
    }

    /// <summary>Where a bit stands in a pattern that begins with the highest.</summary>
    private int Place(int variable, int width)
    {
        int position = 0;
        for (int k = 0; k < width; k++)
        {
            int at = decode.FetchMemory.BigEndian ? width / 8 - 1 - k / 8 : k / 8;
            if (FormSets.ByteBit(at, k % 8) == variable) position = width - 1 - k;
        }
        return position;
    }

    private static string Number(string pattern)
    {
        ulong value = 0;
        foreach (char c in pattern) value = value << 1 | (c == '1' ? 1ul : 0);
        return value.ToString("X" + (pattern.Length / 4).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string Hex(IEnumerable<byte> bytes) => string.Join(" ", bytes.Select(b => b.ToString("X2", CultureInfo.InvariantCulture)));

    private static string Ranges(List<int> values)
    {
        var parts = new List<string>();
        for (int k = 0; k < values.Count; k++)
        {
            int first = values[k];
            while (k + 1 < values.Count && values[k + 1] == values[k] + 1) k++;
            parts.Add(first == values[k] ? first.ToString("X2", CultureInfo.InvariantCulture)
                : $"{first.ToString("X2", CultureInfo.InvariantCulture)}-{values[k].ToString("X2", CultureInfo.InvariantCulture)}");
        }
        return string.Join(",", parts);
    }
}
