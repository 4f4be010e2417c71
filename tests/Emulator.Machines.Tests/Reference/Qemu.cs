using System.Diagnostics;

namespace Emulator.Machines.Tests.Reference;

/// <summary>The second opinion: QEMU runs the same image.</summary>
internal static class Qemu
{
    public const string Program = "qemu-system-i386";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Boots a multiboot kernel until it uses isa-debug-exit; returns what it wrote to the debug console.</summary>
    public static string Run(byte[] kernel)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("probe-");
        try
        {
            string image = Path.Combine(folder.FullName, "kernel"), output = Path.Combine(folder.FullName, "out");
            File.WriteAllBytes(image, kernel);
            string[] arguments =
            [
                "-M", "pc", "-accel", "tcg", "-m", "64", "-display", "none", "-nodefaults", "-vga", "std", "-serial", "null", "-no-reboot", "-kernel", image,
                "-debugcon", "file:" + output, "-device", $"isa-debug-exit,iobase=0x{PcBuilder.ExitPort:x},iosize=4", "-rtc", "base=2000-01-01,clock=vm",
            ];
            using Process process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true })!;
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{Program} did not end within {Patience.TotalSeconds} s.");
            }

return File.ReadAllText(output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
