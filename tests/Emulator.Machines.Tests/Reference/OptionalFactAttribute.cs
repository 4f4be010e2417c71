namespace Emulator.Machines.Tests.Reference;

/// <summary>A test that needs a program in the path or a file: skipped where it is missing, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptionalFactAttribute : FactAttribute
{
    /// <summary>Names what the test needs: a program without folders, or the path of a file.</summary>
    public OptionalFactAttribute(params string[] needs)
    {
        string? missing = needs.FirstOrDefault(need => !Exists(need));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1"))
            Skip = $"{missing} is not installed (in CI this test fails instead).";
    }

    private static bool Exists(string need) => need.Contains('/')
        ? File.Exists(need)
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, need)));
}
