namespace Emulator.System.Tests.Results;

/// <summary>The list of reviewed differences.</summary>
/// <remarks>
/// <c>= reason</c> starts a group that shares a reason; a line that is not indented names a scenario, the indented ones below it are what its
/// lines must contain, in order. <c>#</c> starts a comment.
/// </remarks>
internal static class ReviewedDifferences
{
    /// <summary>Reads a list that was copied beside the tests.</summary>
    public static IReadOnlyDictionary<string, ReviewedDifference> Read(string file)
    {
        var result = new Dictionary<string, ReviewedDifference>(StringComparer.Ordinal);
        var reason = string.Empty;
        List<string>? expected = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '=')
            {
                reason = line[1..].Trim();
            }
            else if (line[0] == ' ')
            {
                (expected ?? throw new InvalidDataException($"{file}: '{line.Trim()}' belongs to no scenario.")).Add(line.Trim());
            }
            else
            {
                expected = [];
                result.Add(line, new ReviewedDifference(line, reason, expected));
            }
        }

        return result;
    }
}
