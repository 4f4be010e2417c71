namespace Emulator.RiscV.Tests.Floats;

/// <summary>A test that needs QEMU's user mode and GNU's tools for RISC-V (Debian: qemu-user, gcc-riscv64-unknown-elf). Skipped where they are not installed, but not in CI.</summary>
public sealed class QemuTheoryAttribute : TheoryAttribute
{
    /// <summary>The programs needed.</summary>
    private static readonly string[] Programs = ["qemu-riscv32", "qemu-riscv64", "riscv64-unknown-elf-gcc", "riscv64-unknown-elf-objcopy"];

    /// <param name="what">What is not done where the test is skipped.</param>
    public QemuTheoryAttribute(string what)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? missing = Programs.FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p))));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1")) Skip = $"{what}: {missing} is not installed (in CI this test fails instead).";
    }
}
