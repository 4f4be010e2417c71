using System.Text.RegularExpressions;

namespace Emulator.Isa.Tests;

/// <summary>What isa/README.md quotes stands in the specs: every line of a block that follows "From `file`:".</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Quoted_lines_exist()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "isa/README.md"));
        var missing = new List<string>();
        var quoted = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            if (!Source().IsMatch(lines[i])) continue;
            string[] files = [.. FileName().Matches(lines[i][lines[i].LastIndexOf("rom `", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value)];
            HashSet<string> known = [.. files.SelectMany(f => File.ReadLines(Path.Combine(Repository.Root, "isa", f))).Select(Plain)];
            int at = i + 1;
            Assert.Equal("", lines[at]);
            for (at++; at < lines.Length && (lines[at].StartsWith("    ", StringComparison.Ordinal) || lines[at].Length == 0); at++)
            {
                string line = Plain(lines[at]);
                if (line is "" or "...") continue;
                string folder = files[0].Split('/')[0];
                quoted[folder] = quoted.GetValueOrDefault(folder) + 1;
                if (!known.Contains(line)) missing.Add($"README.md({at + 1}): {line} is not in {string.Join(" or ", files)}");
            }
        }

        Assert.Empty(missing);
        Assert.True(quoted["x86"] >= 20 && quoted["riscv"] >= 25, string.Join(", ", quoted));
    }

    /// <summary>A line without comment, and with one blank where there are some.</summary>
    private static string Plain(string line) => Blanks().Replace(Comment().Replace(line, ""), " ").Trim();

    [GeneratedRegex(@"\b[Ff]rom `[\w./]+\.isa`.*:$")]
    private static partial Regex Source();

    [GeneratedRegex(@"`([\w./]+\.isa)`")]
    private static partial Regex FileName();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
