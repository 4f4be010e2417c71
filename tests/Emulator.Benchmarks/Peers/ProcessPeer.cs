using System.Diagnostics;

namespace Emulator.Benchmarks;

/// <summary>A peer that is a program: the kernel's output is the program's standard output.</summary>
internal abstract class ProcessPeer : IPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual string? Missing => OnPath(Program) ? null : $"{Program} is not installed";

    /// <summary>The program.</summary>
    protected abstract string Program { get; }

    /// <inheritdoc/>
    public KernelRun Run(string kernel)
    {
        string folder = Directory.CreateTempSubdirectory("emulator-benchmark-").FullName;
        try
        {
            ProcessStartInfo start = Start(kernel, folder);
            start.WorkingDirectory = folder;
            start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
            using Process process = Process.Start(start)!;
            using var patience = new Timer(_ => process.Kill(), null, Patience, Timeout.InfiniteTimeSpan);
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            var clock = new KernelClock();
            Stream output = process.StandardOutput.BaseStream;
            var buffer = new byte[4096];
            for (int n; (n = output.Read(buffer)) > 0;)
            {
                foreach (byte b in buffer.AsSpan(0, n))
                    clock.Put((char)b);
            }

            process.WaitForExit();
            return clock.Result ?? throw new InvalidOperationException($"{Name} did not get to the end of {kernel}.\n{errors.Result}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>How to start the program for a kernel; <paramref name="folder"/> is empty and is deleted afterwards.</summary>
    protected abstract ProcessStartInfo Start(string kernel, string folder);

    private static bool OnPath(string program) =>
        Path.IsPathRooted(program)
            ? File.Exists(program)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
