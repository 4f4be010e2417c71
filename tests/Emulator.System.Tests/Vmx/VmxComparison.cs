using System.Text;
using Emulator.System.Tests.Results;

namespace Emulator.System.Tests.Vmx;

/// <summary>Our run of the guest hypervisor beside another machine's.</summary>
/// <remarks>Where a feature is not offered by one of them, what depends on it is counted and not compared.</remarks>
internal sealed class VmxComparison
{
    private const string NotOffered = "not offered";
    private readonly List<string> problems = [], missing = [];
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private int lines, reviewed;

    public VmxComparison(VmxTranscript own, VmxTranscript other, IReadOnlyDictionary<string, ReviewedDifference> list)
    {
        if (!own.Names.SequenceEqual(other.Names))
            problems.Add($"{own.Names.Count} scenarios on our machine, {other.Names.Count} on the other.");
        foreach (var name in own.Names)
        {
            if (other.Lines(name) is { } theirs)
                Compare(name, own.Lines(name)!, theirs, list.GetValueOrDefault(name));
        }

        foreach (var name in list.Keys.Except(used))
            problems.Add($"{name}: in the list of differences, but there is none.");
    }

    /// <summary>What is wrong: differences that are not reviewed, and entries of the list that are wrong.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Counts, then the problems.</summary>
    public string Summary
    {
        get
        {
            var text = new StringBuilder($"{lines} lines agree, {reviewed} reviewed differences, {missing.Count} not offered by one, {problems.Count} problems\n");
            foreach (var name in missing)
                text.Append("not offered by one: ").Append(name).Append('\n');
            foreach (var problem in problems)
                text.Append(problem).Append('\n');
            return text.ToString();
        }
    }

    /// <summary>A reviewed difference lists those of our lines that the other machine does not print, in order.</summary>
    private void Compare(string name, IReadOnlyList<string> own, IReadOnlyList<string> other, ReviewedDifference? difference)
    {
        if (own is [NotOffered] || other is [NotOffered])
        {
            if (own.Count != other.Count || own[0] != other[0])
                missing.Add(name);
            return;
        }

        // Lines "SUBJECT: not offered" of one speak for all that begin so.
        var subjects = Subjects(own).Except(Subjects(other)).Concat(Subjects(other).Except(Subjects(own))).ToList();
        missing.AddRange(subjects.Select(subject => $"{name}, {subject[..^2]}"));
        string[] mine = [.. own.Where(line => !IsAbout(line, subjects))], theirs = [.. other.Where(line => !IsAbout(line, subjects))];
        string[] different = [.. Without(mine, theirs)];
        lines += mine.Length - different.Length;
        if (mine.SequenceEqual(theirs))
            return;
        used.Add(name);
        if (difference is null)
        {
            problems.Add($"{name}:{Indent(different)}\n  other machine:{Indent([.. Without(theirs, mine)])}");
        }
        else if (!different.SequenceEqual(difference.Expected))
        {
            problems.Add($"{name}: not what the manual demands ({difference.Reason}).{Indent(different)}\n  expected:{Indent([.. difference.Expected])}");
        }
        else
        {
            reviewed++;
        }
    }

    private static IReadOnlyList<string> Subjects(IReadOnlyList<string> lines) =>
        [.. lines.Where(line => line.EndsWith(": " + NotOffered, StringComparison.Ordinal)).Select(line => line[..^NotOffered.Length])];

    private static bool IsAbout(string line, List<string> subjects) => subjects.Any(subject => line.StartsWith(subject, StringComparison.Ordinal));

    /// <summary>The lines of one that are not, or not as often, among those of the other.</summary>
    private static IEnumerable<string> Without(string[] some, string[] others)
    {
        var left = others.GroupBy(line => line).ToDictionary(group => group.Key, group => group.Count());
        foreach (var line in some)
        {
            if (left.GetValueOrDefault(line) > 0)
                left[line]--;
            else
                yield return line;
        }
    }

    private static string Indent(string[] lines) => string.Concat(lines.Select(line => "\n    " + line));
}
