using System.Globalization;

namespace Emulator.Isa.Decoding.Tests;

/// <summary>A form of an eight-bit word with fields a (bits 7:5), b (4:2) and c (1:0), and what it matches by definition.</summary>
internal sealed record RandomForm(int Number, int? A, int? B, int? C, string? When, Func<int, int, int, bool> Condition, int? Over)
{
    /// <summary>Line of the first instruction in <see cref="Spec"/>.</summary>
    public const int FirstLine = 13;

    private static readonly (string Text, Func<int, int, int, bool> Holds)[] Conditions =
    [
        ("a < b", (a, b, _) => a < b),
        ("a == b + 1", (a, b, _) => a == ((b + 1) & 7)),
        ("c != 0 && b in {1, 2, 6}", (_, b, c) => c != 0 && b is 1 or 2 or 6),
        ("a.[1:0] == c || b >= 5", (a, b, c) => (a & 3) == c || b >= 5),
        ("(a ^ b) == zext<3>(c)", (a, b, c) => (a ^ b) == c),
        ("(a as s3) < 0 - 1 && b - a > 3", (a, b, _) => a is >= 4 and < 7 && ((b - a) & 7) > 3),
        ("a > 6 && a < 7", (_, _, _) => false),
        ("clamped(a) == b", (a, b, _) => (a > 5 ? 5 : a == 2 ? 0 : a + 1) == b),
        ("table[c] < a", (a, _, c) => new[] { 3, 0, 7, 5 }[c] < a),
    ];

    public static RandomForm Next(Random random, int number)
    {
        int? Field(int values, double chance) => random.NextDouble() < chance ? random.Next(values) : null;
        var condition = random.NextDouble() < 0.4 ? Conditions[random.Next(Conditions.Length)] : (null, (_, _, _) => true);
        return new RandomForm(number, Field(8, 0.6), Field(8, 0.3), Field(4, 0.2), condition.Item1, condition.Item2, random.NextDouble() < 0.5 && number > 0 ? random.Next(number) : null);
    }

    public bool Matches(int word)
    {
        int a = word >> 5, b = word >> 2 & 7, c = word & 3;
        return (A ?? a) == a && (B ?? b) == b && (C ?? c) == c && Condition(a, b, c);
    }

    public static string Spec(RandomForm[] forms) => $$"""
        state PC : u32 pc;
        memory ram : u32 little bus;
        trap UD = 6 fault undefined;
        function code(pc: u32) : u32 { return pc; }
        decode words fetch ram by code { format F : 8 { a @7:5; b @4:2; c @1:0; } }
        table table : u3[4] = { 3, 0, 7, 5 };
        function clamped(x: u3) : u3 {
          if x > 5 { return 5; }
          var y: u3 = x + 1;
          if x == 2 { y = 0; }
          return y;
        }
        {{string.Join("\n", forms.Select(f => f.ToString()))}}
        """;

    public override string ToString()
    {
        string fields = string.Join(", ", new[] { ("a", A), ("b", B), ("c", C) }.Where(f => f.Item2 is not null).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Item1} = {f.Item2}")));
        return $"instruction I{Number} innocuous {{ form F {{ {fields} }}{(When is null ? "" : " when " + When)}{(Over is null ? "" : $" over I{Over}")}; do {{ }} }}";
    }

    /// <summary>What is wrong with the forms: the id, and the instruction where it is reported.</summary>
    public static IEnumerable<string> Findings(RandomForm[] forms)
    {
        HashSet<int> Words(RandomForm f) => [.. Enumerable.Range(0, 256).Where(f.Matches)];
        foreach (RandomForm later in forms)
        {
            foreach (RandomForm earlier in forms.Take(later.Number).Where(e => later.Over != e.Number && Words(e).Overlaps(Words(later)))) yield return $"ISA2010 I{later.Number}";
            var left = Words(later);
            bool empty = left.Count == 0;
            foreach (RandomForm winner in forms.Where(w => w.Over == later.Number)) left.ExceptWith(Words(winner));
            if (left.Count == 0) yield return $"ISA2011 I{later.Number}";
            if (!empty && later.Over is { } over && !Words(forms[over]).Overlaps(Words(later))) yield return $"ISA2012 I{later.Number}";
        }
    }
}
