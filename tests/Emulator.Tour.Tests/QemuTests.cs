using System.Diagnostics;
using Xunit;

namespace Emulator.Tour.Tests;

/// <summary>The second opinion: another emulator runs the very same image.</summary>
public sealed class QemuTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [QemuFact]
    public async Task Qemu_prints_the_same_and_ends_with_exit_code_1()
    {
        var folder = Directory.CreateTempSubdirectory("tour-");
        try
        {
            var image = Path.Combine(folder.FullName, "tour.bin");
            var debug = Path.Combine(folder.FullName, "debug.txt");
            var serial = Path.Combine(folder.FullName, "serial.txt");
            await File.WriteAllBytesAsync(image, TourImage.Build().Bytes);

            var exitCode = await RunAsync(
                "-kernel", image, "-debugcon", "file:" + debug, "-serial", "file:" + serial, "-display", "none",
                "-icount", "shift=3", "-no-reboot", "-device", $"isa-debug-exit,iobase=0x{TourImage.ExitPort:x},iosize=2");

            Assert.Equal(ExpectedOutput.Text, await File.ReadAllTextAsync(debug));
            Assert.Equal(ExpectedOutput.Text.ReplaceLineEndings("\r\n"), await File.ReadAllTextAsync(serial));
            Assert.Equal(1, exitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(QemuFactAttribute.Program, arguments) { RedirectStandardInput = true })!;
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{QemuFactAttribute.Program} did not end within {Patience.TotalSeconds} s.");
        }

        return process.ExitCode;
    }
}
