using Xunit;

namespace Emulator.Tour.Tests;

/// <summary>A test that needs qemu-system-i386 in the path: skipped where there is none, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QemuFactAttribute : FactAttribute
{
    /// <summary>Name of the program.</summary>
    public const string Program = "qemu-system-i386";

    public QemuFactAttribute()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, Program)));
        if (!found && Environment.GetEnvironmentVariable("CI") is not ("true" or "1"))
        {
            Skip = $"{Program} is not installed (in CI this test fails instead).";
        }
    }
}
