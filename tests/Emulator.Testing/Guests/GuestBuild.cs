using System.Diagnostics;

namespace Emulator.Testing;

/// <summary>Guests built by a script on first use.</summary>
public sealed class GuestBuild
{
    private readonly Lazy<(string? Folder, string Reason)> _built;
    private readonly string _script, _output, _needs;

    /// <summary>Describes a build.</summary>
    /// <param name="script">The script, below the repository's root; its argument is the folder to build into.</param>
    /// <param name="output">The folder, below the artifacts.</param>
    /// <param name="needs">What the script needs, for people.</param>
    public GuestBuild(string script, string output, string needs)
    {
        (_script, _output, _needs) = (script, output, needs);
        _built = new(Build);
    }

    /// <summary>Folder of the built files; null when this machine cannot build them (see <see cref="Reason"/>).</summary>
    public string? Folder => _built.Value.Folder;

    /// <summary>Why <see cref="Folder"/> is null: the compiler's words.</summary>
    public string Reason => _built.Value.Reason;

    /// <summary>Path of a built file.</summary>
    /// <exception cref="InvalidOperationException">The guests cannot be built here.</exception>
    public string PathOf(string file) => Path.Combine(Folder ?? throw new InvalidOperationException(Reason), file);

    /// <summary>Standard output and error, and exit code, of a program.</summary>
    public static (string Output, int ExitCode) Run(string file, params string[] arguments)
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

    private (string? Folder, string Reason) Build()
    {
        string folder = Path.Combine(Repository.Artifacts, _output);
        Directory.CreateDirectory(folder);
        try
        {
            // Test assemblies run side by side: one builds, the others wait for its lock.
            using FileStream @lock = Acquire(Path.Combine(folder, ".lock"));
            (string text, int exit) = Run("bash", Path.Combine(Repository.Root, _script), folder);
            return exit == 0 ? (folder, "") : (null, $"{_script} failed ({exit}); it needs {_needs}.\n{text}");
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
}
