using System.Text;

namespace Emulator.System.Tests.Results;

/// <summary>Our results beside another machine's.</summary>
internal sealed class Comparison
{
    private readonly List<string> problems = [];
    private int same, reviewed;

    public Comparison(Transcript own, Transcript other, IReadOnlyDictionary<string, ReviewedDifference> list)
    {
        problems.AddRange(other.Strange.Select(line => $"strange line: {line}"));
        if (own.Results.Count != other.Results.Count)
            problems.Add($"{own.Results.Count} scenarios started on our machine, {other.Results.Count} on the other.");
        foreach (var (mine, theirs) in own.Results.Zip(other.Results))
            Compare(mine, theirs, list.GetValueOrDefault(mine.Scenario.Name));
        foreach (var name in list.Keys.Except(own.Results.Select(result => result.Scenario.Name)))
            problems.Add($"{name}: in the list of differences, but no such scenario.");
    }

    /// <summary>What is wrong: differences that are not reviewed, and entries of the list that are wrong.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Counts, then the problems.</summary>
    public string Summary
    {
        get
        {
            var text = new StringBuilder($"{same} scenarios agree, {reviewed} reviewed differences, {problems.Count} problems\n");
            foreach (var problem in problems)
                text.Append(problem).Append('\n');
            return text.ToString();
        }
    }

    private void Compare(ScenarioResult own, ScenarioResult other, ReviewedDifference? difference)
    {
        // RF in frames is looked at apart: QEMU 7.2 leaves it out of the frames of faults (SDM vol. 3, 17.3.1.1).
        string[] mine = [.. own.Lines(showResume: false)], theirs = [.. other.Lines(showResume: false)];
        var equal = mine.SequenceEqual(theirs);
        if (equal && difference is null)
        {
            same++;
        }
        else if (equal)
        {
            problems.Add($"{own.Scenario.Name}: in the list of differences, but there is none.");
        }
        else if (difference is null)
        {
            problems.Add($"{own.Scenario.Name}:{Indent(mine)}\n  other machine:{Indent(theirs)}");
        }
        else if (difference.Expected.Count == 0 || difference.Expected.Count != mine.Length
            || mine.Zip(difference.Expected).Any(pair => !(pair.First + " ").Contains(pair.Second + " ", StringComparison.Ordinal)))
        {
            problems.Add($"{own.Scenario.Name}: not what the manual demands ({difference.Reason}).{Indent(mine)}\n  expected:{Indent([.. difference.Expected])}");
        }
        else
        {
            reviewed++;
        }
    }

    private static string Indent(string[] lines) => string.Concat(lines.Select(line => "\n    " + line));
}
