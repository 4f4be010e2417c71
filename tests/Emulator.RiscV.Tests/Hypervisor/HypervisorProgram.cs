using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Emulator.RiscV.Tests.Hypervisor;

/// <summary>Programs/hypervisor.s, assembled.</summary>
internal sealed partial class HypervisorProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypervisor").FullName;

    /// <param name="xlen">32 or 64.</param>
    /// <param name="qemu">Without the checks that QEMU 7.2 does not pass; the program says which.</param>
    public HypervisorProgram(int xlen, bool qemu)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Programs", "hypervisor.s"), made = Path.Combine(_folder, "hypervisor.o"), binary = Path.Combine(_folder, "hypervisor.bin");
        Elf = Path.Combine(_folder, "hypervisor.elf");
        string[] options = [$"-march=rv{xlen}imafdh", xlen == 64 ? "-mabi=lp64d" : "-mabi=ilp32d", "--defsym", $"XLEN={xlen}"];
        Run("riscv64-unknown-elf-as", [.. options, .. qemu ? new[] { "--defsym", "QEMU=1" } : [], source, "-o", made]);
        Run("riscv64-unknown-elf-ld", "-m", $"elf{xlen}lriscv", $"-Ttext={TestMachine.Start:x}", "--no-relax", "-o", Elf, made);
        Run("riscv64-unknown-elf-objcopy", "-O", "binary", Elf, binary);
        Image = File.ReadAllBytes(binary);
        Checks = Check().Matches(File.ReadAllText(source)).Count;
    }

    /// <summary>Path of the linked program.</summary>
    public string Elf { get; }

    /// <summary>What stands at <see cref="TestMachine.Start"/>.</summary>
    public byte[] Image { get; }

    /// <summary>How many lines of the source check something.</summary>
    public int Checks { get; }

    /// <summary>Runs it on QEMU's machine virt: 0, or the number of the check that failed (its low eight bits); -1 where it does not end.</summary>
    public int RunOnQemu(int xlen)
    {
        using Process process = Process.Start(new ProcessStartInfo($"qemu-system-riscv{xlen}",
            ["-M", "virt", "-cpu", $"rv{xlen},h=true", "-m", "64M", "-bios", "none", "-display", "none", "-serial", "none", "-monitor", "none", "-kernel", Elf]))!;
        if (process.WaitForExit(TimeSpan.FromMinutes(1))) return process.ExitCode;
        process.Kill();
        return -1;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"^\s*(?:\w+:\s*)?(?:CHECK|MASKED|SAME|ZERO|CAUSE|VIRTUAL|GUESTFAULT|PAGEFAULT|BITS|GVA) [1-9]", RegexOptions.Multiline)]
    private static partial Regex Check();

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
