namespace Emulator.RiscV.Tests;

/// <summary>A test that needs LLVM's assembler for RISC-V (Debian: llvm). Skipped where it is not installed, but not in CI.</summary>
public sealed class AssemblerTheoryAttribute : TheoryAttribute
{
    /// <summary>The programs needed.</summary>
    public static readonly string[] Programs = ["llvm-mc", "llvm-objcopy"];

    public AssemblerTheoryAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? missing = Programs.FirstOrDefault(p => !folders.Any(f => File.Exists(Path.Combine(f, p))));
        if (missing is not null && Environment.GetEnvironmentVariable("CI") is not ("true" or "1")) Skip = $"{missing} is not installed (in CI this test fails instead).";
    }
}
