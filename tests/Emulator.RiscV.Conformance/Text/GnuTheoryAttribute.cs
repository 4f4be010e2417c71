namespace Emulator.RiscV.Conformance.Text;

/// <summary>A test that needs GNU's assembler and disassembler for RISC-V (Debian: binutils-riscv64-unknown-elf). Skipped where they are not installed, but not in CI.</summary>
public sealed class GnuTheoryAttribute : TheoryAttribute
{
    public GnuTheoryAttribute(params string[] files)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? missing = Gnu.Programs.FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p)))) ?? files.FirstOrDefault(f => !File.Exists(f));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1")) Skip = $"{missing} is not installed (in CI this test fails instead).";
    }
}
