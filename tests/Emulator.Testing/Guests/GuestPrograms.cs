namespace Emulator.Testing;

/// <summary>The guest programs of tests/guests, built on first use.</summary>
public static class GuestPrograms
{
    private static readonly GuestBuild Built = new(Path.Combine("tests", "guests", "build.sh"), "guests", "gcc with 32-bit support");

    /// <summary>C programs that print checksums and exit; each exists as <c>NAME.elf</c>, <c>NAME.img</c> and, natively, <c>NAME</c>.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["crc", "sort", "matrix", "string", "division"];

    /// <summary>Benchmark kernels, in the same forms.</summary>
    public static IReadOnlyList<string> Kernels { get; } = ["numbers", "structures", "memory", "interpreter"];

    /// <summary>Folder of the built files; null when this machine cannot build them (see <see cref="Reason"/>).</summary>
    public static string? Folder => Built.Folder;

    /// <summary>Why <see cref="Folder"/> is null: the compiler's words.</summary>
    public static string Reason => Built.Reason;

    /// <summary>Path of a built file.</summary>
    /// <exception cref="InvalidOperationException">The guests cannot be built here.</exception>
    public static string PathOf(string file) => Built.PathOf(file);

    /// <summary>Standard output and exit code of a program run natively.</summary>
    public static (string Output, int ExitCode) RunNative(string program) => GuestBuild.Run(PathOf(program));
}
