namespace Emulator.Tour.Tests;

/// <summary>What the tour prints, as committed.</summary>
internal static class ExpectedOutput
{
    public static string Text { get; } =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tour.expected.txt")).ReplaceLineEndings("\n");
}
