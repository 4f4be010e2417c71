namespace Emulator.Reports;

/// <summary>What a report contains.</summary>
public sealed record ReportOptions
{
    /// <summary>Profiles to report on; all when empty.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>Whether to look for a witness for every critical form, which takes seconds.</summary>
    public bool Witnesses { get; init; } = true;

    /// <summary>Text of the committed verdict of an instruction set and profile, by file name; null where there is none.</summary>
    public Func<string, string?>? Expected { get; init; }
}
