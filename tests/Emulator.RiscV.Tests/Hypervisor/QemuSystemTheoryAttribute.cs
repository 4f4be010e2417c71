namespace Emulator.RiscV.Tests.Hypervisor;

/// <summary>A test that needs QEMU's machines and GNU's tools for RISC-V (Debian: qemu-system-misc, gcc-riscv64-unknown-elf). Skipped where they are not installed, but not in CI.</summary>
public sealed class QemuSystemTheoryAttribute : TheoryAttribute
{
    /// <summary>The programs needed.</summary>
    private static readonly string[] Programs = ["qemu-system-riscv32", "qemu-system-riscv64", "riscv64-unknown-elf-as", "riscv64-unknown-elf-ld", "riscv64-unknown-elf-objcopy"];

    /// <param name="what">What is not done where the test is skipped.</param>
    public QemuSystemTheoryAttribute(string what)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? missing = Programs.FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p))));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1")) Skip = $"{what}: {missing} is not installed (in CI this test fails instead).";
    }
}
