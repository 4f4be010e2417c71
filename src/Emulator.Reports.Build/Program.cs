using System.CommandLine;

namespace Emulator.Reports.Build;

/// <summary>What the target IsaReport runs (generators/Emulator.Isa.Generators/build/Emulator.Isa.Report.targets): it needs no generated code, so it can report on the project being built.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var specs = new Option<FileInfo>("--specs") { Description = "File that names a spec file a line", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder to write to", Required = true };
        var expected = new Option<DirectoryInfo?>("--expected") { Description = "Folder of committed verdicts" };
        var relative = new Option<DirectoryInfo?>("--relative-to") { Description = "Folder that reports name spec files from" };
        var command = new RootCommand("Writes the reports of the instruction sets of spec files") { specs, output, expected, relative };
        command.SetAction(parsed =>
        {
            try
            {
                string[] paths = [.. File.ReadAllLines(parsed.GetRequiredValue(specs).FullName).Where(l => l.Length > 0)];
                var writer = new ReportFiles(parsed.GetRequiredValue(output).FullName, parsed.GetValue(expected)?.FullName, parsed.GetValue(relative)?.FullName);
                foreach (string file in writer.Write(paths)) Console.WriteLine(file);
                return 0;
            }
            catch (Exception failure) when (failure is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(failure.Message);
                return 1;
            }
        });
        return command.Parse(args).Invoke();
    }
}
