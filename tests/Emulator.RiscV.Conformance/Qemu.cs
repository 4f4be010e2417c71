using System.Diagnostics;
using Emulator.Testing;
using Emulator.Testing.RiscV;

namespace Emulator.RiscV.Conformance;

/// <summary>Runs an image in QEMU's virt machine, whose RAM is a file.</summary>
internal static class Qemu
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Name of the program for a width.</summary>
    public static string Program(int xlen) => $"qemu-system-riscv{xlen}";

    /// <summary>Whether the program is in the path.</summary>
    public static bool IsInstalled(int xlen) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Program(xlen))));

    /// <summary>RAM after the run.</summary>
    public static async Task<byte[]> RunAsync(RiscvWidth width, Image image)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, image.Bytes);
            string floating = image.Layout.Floating ? "" : ",f=false,d=false";
            string[] arguments =
            [
                "-machine", "virt,memory-backend=ram", "-object", $"memory-backend-file,id=ram,size={Layout.MemorySize},mem-path={file},share=on", "-m", $"{Layout.MemorySize >> 20}M",
                "-cpu", $"rv{width.Xlen},h=false,sstc=false,zbc=false{floating}", "-bios", "none", "-display", "none", "-serial", "none", "-monitor", "none",
            ];
            using Process process = Process.Start(new ProcessStartInfo(Program(width.Xlen), arguments))!;
            using var timeout = new CancellationTokenSource(Patience);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail("QEMU does not end");
            }

            Assert.Equal(0, process.ExitCode);
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
