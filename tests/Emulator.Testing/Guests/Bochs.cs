using System.Diagnostics;

namespace Emulator.Testing;

/// <summary>Bochs as Debian packages it, without a window: the rfb display library with nobody connected. It boots a disk image.</summary>
/// <remarks>Debian builds it with the debugger; the command file tells that to continue. Port E9h goes to standard output, among what the debugger says.</remarks>
public static class Bochs
{
    /// <summary>The program.</summary>
    public const string Program = "bochs";

    /// <summary>Whether the program is in the path.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <summary>How to start it for a disk of 20 cylinders, 16 heads and 63 sectors.</summary>
    /// <param name="image">Path of the disk image; it stays as it is.</param>
    /// <param name="model">A processor it knows (<c>bochs --help cpu</c>).</param>
    /// <param name="folder">A folder for its configuration and log.</param>
    public static ProcessStartInfo Start(string image, string model, string folder)
    {
        string configuration = Path.Combine(folder, "bochsrc"), commands = Path.Combine(folder, "commands");
        File.WriteAllText(commands, "c\n");
        File.WriteAllText(configuration, $"""
            plugin_ctrl: unmapped=1, iodebug=1
            megs: 64
            romimage: file=/usr/share/bochs/BIOS-bochs-latest
            vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
            cpu: model={model}, count=1, ips=100000000, reset_on_triple_fault=0, ignore_bad_msrs=0
            clock: sync=none
            ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
            ata0-master: type=disk, path={image}, mode=volatile, cylinders=20, heads=16, spt=63
            boot: disk
            port_e9_hack: enabled=1
            log: {Path.Combine(folder, "log")}
            panic: action=fatal, cpu0=report
            error: action=ignore
            info: action=ignore
            debug: action=ignore
            display_library: rfb, options="timeout=0"

            """);
        return new ProcessStartInfo(Program, ["-q", "-f", configuration, "-rc", commands]);
    }

    /// <summary>Boots an image until it asks for power-off, and returns everything on standard output.</summary>
    /// <exception cref="TimeoutException">It did not end in time; the message ends with the last of the output.</exception>
    public static async Task<string> RunAsync(byte[] image, string model, TimeSpan patience)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bochs-");
        try
        {
            string disk = Path.Combine(folder.FullName, "disk");
            await File.WriteAllBytesAsync(disk, image);
            ProcessStartInfo start = Start(disk, model, folder.FullName);
            start.WorkingDirectory = folder.FullName;
            start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            using var timeout = new CancellationTokenSource(patience);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                string text = await output;
                throw new TimeoutException($"{Program} did not end within {patience.TotalSeconds} s: {text[Math.Max(0, text.Length - 500)..]}");
            }

            await errors;
            return await output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
