namespace Emulator.Reports.Tests;

/// <summary>A test that needs Debian's chromium: skipped where there is none, except in continuous integration (CI=true), where it then fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Where Debian's package has the browser.</summary>
    public const string Executable = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Executable) && Environment.GetEnvironmentVariable("CI") is not ("true" or "1")) Skip = "chromium is not installed (in CI this test fails instead).";
    }
}
