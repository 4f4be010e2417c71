namespace Emulator.Testing;

/// <summary>The guests for RISC-V (tests/guests/riscv), built on first use: <c>NAME.rv64m.elf</c> and so on for programs, and <c>kernel.elf</c>.</summary>
public static class RiscvGuests
{
    private static readonly GuestBuild Built = new(Path.Combine("tests", "guests", "riscv", "build.sh"), "guests-riscv", "gcc and gcc-riscv64-unknown-elf");

    /// <summary>Forms of the programs: width and mode.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["rv64m", "rv64s", "rv64u", "rv32m", "rv32s", "rv32u"];

    /// <summary>Folder of the built files; null when this machine cannot build them (see <see cref="Reason"/>).</summary>
    public static string? Folder => Built.Folder;

    /// <summary>Why <see cref="Folder"/> is null: the compiler's words.</summary>
    public static string Reason => Built.Reason;

    /// <summary>Path of a built file.</summary>
    /// <exception cref="InvalidOperationException">The guests cannot be built here.</exception>
    public static string PathOf(string file) => Built.PathOf(file);

    /// <summary>Standard output and exit code of a program or kernel run natively.</summary>
    public static (string Output, int ExitCode) RunNative(string program) => GuestBuild.Run(PathOf(program));
}
