using System.Runtime.CompilerServices;

namespace Emulator.Testing;

/// <summary>Where the repository and its shared data are.</summary>
public static class Repository
{
    /// <summary>True on a build server: then what is missing fails instead of being skipped.</summary>
    public static bool IsCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Root of the working copy: the nearest folder above the running assembly, or above this source file, that holds global.json.</summary>
    public static string Root { get; } = FindAbove(AppContext.BaseDirectory) ?? FindAbove(SourceFolder()) ?? Directory.GetCurrentDirectory();

    /// <summary>Build output of tests that are not .NET assemblies, and reports.</summary>
    public static string Artifacts =>
        Environment.GetEnvironmentVariable("ArtifactsPath") is { Length: > 0 } path ? path : Path.Combine(Root, "artifacts");

    /// <summary>A folder of the shared test data, or null when this machine has none: <c>EMULATOR_SHARED</c>, or <c>shared</c> beside a folder above the root.</summary>
    public static string? SharedData(string name)
    {
        if (Environment.GetEnvironmentVariable("EMULATOR_SHARED") is { Length: > 0 } given)
            return Existing(Path.Combine(given, "data", name));
        for (DirectoryInfo? folder = new(Root); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "data", name)) is { } found)
                return found;
        }

        return null;
    }

    private static string? Existing(string path) => Directory.Exists(path) ? path : null;

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file) ?? ".";

    private static string? FindAbove(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")))
                return folder.FullName;
        }

        return null;
    }
}
