namespace Emulator.Testing;

/// <summary>Numbers a test run should show even when it passes (cases run, cases skipped and why, speed).</summary>
public static class TestReport
{
    /// <summary>Writes a report to standard output and to <c>reports/NAME.txt</c> below the artifacts folder, where CI collects it.</summary>
    public static void Write(string name, string text)
    {
        Console.WriteLine($"[{name}]\n{text}");
        string folder = Path.Combine(Repository.Artifacts, "reports");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".txt"), text.EndsWith('\n') ? text : text + "\n");
    }
}
