namespace Emulator.Isa.Diagnostics;

/// <summary>"Did you mean": the known word nearest to an unknown one.</summary>
public static class Suggestion
{
    /// <summary>The candidate nearest to <paramref name="word"/>, or null when none is near enough to be a slip of the finger.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = word.Length <= 2 ? 1 : word.Length <= 5 ? 2 : 3;
        foreach (string candidate in candidates)
        {
            if (candidate == word || Math.Abs(candidate.Length - word.Length) > bestDistance) continue;
            int distance = Distance(word, candidate);
            if (distance > bestDistance || distance >= Math.Max(word.Length, candidate.Length)) continue;
            if (distance == bestDistance && best is not null) continue;
            best = candidate;
            bestDistance = distance;
        }
        return best;
    }

    /// <summary><c>" (did you mean 'x'?)"</c>, or nothing.</summary>
    public static string For(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } near ? $" (did you mean '{near}'?)" : "";

    /// <summary>Edits between two words, where a swap of neighbours counts one and case does not count.</summary>
    private static int Distance(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int same = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                int value = Math.Min(Math.Min(edits[i - 1, j] + 1, edits[i, j - 1] + 1), edits[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) value = Math.Min(value, edits[i - 2, j - 2] + 1);
                edits[i, j] = value;
            }
        }
        return edits[a.Length, b.Length];
    }

    private static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
}
