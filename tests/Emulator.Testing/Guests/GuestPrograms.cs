using System.Diagnostics;

namespace Emulator.Testing;

/// <summary>The guest programs of tests/guests, built on first use.</summary>
public static class GuestPrograms
{
    private static readonly Lazy<(string? Folder, string Reason)> Built = new(Build);

    /// <summary>C programs that print checksums and exit; each exists as <c>NAME.elf</c>, <c>NAME.img</c> and, natively, <c>NAME</c>.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["crc", "sort", "matrix", "string", "division"];

    /// <summary>Benchmark kernels, in the same forms.</summary>
    public static IReadOnlyList<string> Kernels { get; } = ["numbers", "structures", "memory", "interpreter"];

    /// <summary>Folder of the built files; null when this machine cannot build them (see <see cref="Reason"/>).</summary>
    public static string? Folder => Built.Value.Folder;

    /// <summary>Why <see cref="Folder"/> is null: the compiler's words.</summary>
    public static string Reason => Built.Value.Reason;

    /// <summary>Path of a built file.</summary>
    /// <exception cref="InvalidOperationException">The guests cannot be built here.</exception>
    public static string PathOf(string file) => Path.Combine(Folder ?? throw new InvalidOperationException(Reason), file);

    /// <summary>Standard output and exit code of a program run natively.</summary>
    public static (string Output, int ExitCode) RunNative(string program) => Run(PathOf(program));

    private static (string? Folder, string Reason) Build()
    {
        string folder = Path.Combine(Repository.Artifacts, "guests");
        Directory.CreateDirectory(folder);
        try
        {
            // Test assemblies run side by side: one builds, the others wait for its lock.
            using FileStream @lock = Acquire(Path.Combine(folder, ".lock"));
            (string output, int exit) = Run("bash", Path.Combine(Repository.Root, "tests", "guests", "build.sh"), folder);
            return exit == 0 ? (folder, "") : (null, $"tests/guests/build.sh failed ({exit}); it needs gcc with 32-bit support.\n{output}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, "bash cannot be run: " + e.Message);
        }
    }

    private static FileStream Acquire(string path)
    {
        for (; ; Thread.Sleep(200))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Held by another process.
            }
        }
    }

    private static (string Output, int ExitCode) Run(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + errors.Result, process.ExitCode);
    }
}
