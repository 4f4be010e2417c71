using System.Reflection;

namespace Emulator.Isa.Tests;

/// <summary>Where the repository's files are.</summary>
internal static class Repository
{
    public static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EmulatorRoot").Value!;

    /// <summary>Every spec of the repository, by path relative to its root.</summary>
    public static IEnumerable<string> Specs() =>
        Directory.EnumerateFiles(Path.Combine(Root, "isa"), "*.isa", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));
}
