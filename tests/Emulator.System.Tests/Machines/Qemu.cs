using System.Diagnostics;

namespace Emulator.System.Tests.Machines;

/// <summary>Runs an image in QEMU.</summary>
internal static class Qemu
{
    public const string Program = "qemu-system-i386";

    /// <summary>Exit code of a run that did not end in time.</summary>
    public const int TimedOut = -1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether the program is in the path.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <summary>What the image printed on the debug console, and QEMU's exit code: 1 when the image ended itself with 0.</summary>
    /// <remarks>A triple fault ends QEMU with exit code 0.</remarks>
    public static async Task<(string Text, int ExitCode)> RunAsync(byte[] image, params string[] extra)
    {
        var folder = Directory.CreateTempSubdirectory("exerciser-");
        try
        {
            var kernel = Path.Combine(folder.FullName, "kernel.bin");
            var debug = Path.Combine(folder.FullName, "debug.txt");
            await File.WriteAllBytesAsync(kernel, image);
            string[] arguments =
            [
                "-kernel", kernel, "-debugcon", "file:" + debug, "-display", "none", "-no-reboot", "-m", "16", "-net", "none",
                "-device", "isa-debug-exit,iobase=0x501,iosize=2", "-cpu", "pentium3,+nx", .. extra,
            ];
            using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true })!;
            using var timeout = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                // What was printed says where it hangs.
                process.Kill(entireProcessTree: true);
                return (await File.ReadAllTextAsync(debug, CancellationToken.None), TimedOut);
            }

            return (await File.ReadAllTextAsync(debug), process.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
