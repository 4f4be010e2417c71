using System.Diagnostics;
using Emulator.RiscV.Tests.Hypervisor;
using Emulator.Testing;

namespace Emulator.RiscV.Tests;

/// <summary>Programs that check themselves: they end in a loop with 0xAA in a0, or with the number of the check that failed.</summary>
public sealed class ProgramTests
{
    private const int Passed = 0xAA;

    /// <summary>Exceptions, CSRs, delegation, interrupts, translation, memory protection, atomics, code that changes itself.</summary>
    [AssemblerTheory]
    [InlineData(32)]
    [InlineData(64)]
    public void Privileged(int xlen)
    {
        ITestCpu cpu = TestMachine.Create(xlen);
        cpu.WriteMemory(TestMachine.Start, Assemble("privileged.s", xlen));
        cpu.Run(100_000);
        Assert.Equal(Passed, (int)TestMachine.Get(cpu, "x10"));
    }

    /// <summary>The same where the hypervisor extension exists, which changes nothing but what its registers add.</summary>
    [AssemblerTheory]
    [InlineData(32)]
    [InlineData(64)]
    public void PrivilegedWithHypervisorExtension(int xlen)
    {
        ITestCpu cpu = HypervisorMachine.Create(xlen);
        cpu.WriteMemory(TestMachine.Start, Assemble("privileged.s", xlen, "-defsym", "HYPERVISOR=1"));
        cpu.Run(100_000);
        Assert.Equal(Passed, (int)TestMachine.Get(cpu, "x10"));
    }

    private static byte[] Assemble(string program, int xlen, params string[] options)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Programs", program);
        string output = Path.Combine(Path.GetTempPath(), $"{Path.GetFileNameWithoutExtension(program)}{xlen}-{Guid.NewGuid():N}");
        try
        {
            Run("llvm-mc", [$"-triple=riscv{xlen}", "-mattr=+m,+a,-relax", "-defsym", $"XLEN={xlen}", .. options, "-filetype=obj", source, "-o", output + ".o"]);
            Run("llvm-objcopy", "-O", "binary", output + ".o", output + ".bin");
            return File.ReadAllBytes(output + ".bin");
        }
        finally
        {
            File.Delete(output + ".o");
            File.Delete(output + ".bin");
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
