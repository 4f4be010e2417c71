using System.Diagnostics;
using System.Globalization;
using Emulator.Testing;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>A C program of floating-point computation, compiled for hardware floats by GNU's compiler, gives the checksum it gives on the host (x86, SSE and FMA).</summary>
public sealed class FloatCTests
{
    private const long Limit = 200_000_000;

    [QemuTheory("a C program with floating point against its native run")]
    [InlineData(32, "-O2")]
    [InlineData(64, "-O2")]
    [InlineData(64, "-O0")]
    public void ChecksumIsTheHosts(int xlen, string optimization)
    {
        string folder = Directory.CreateTempSubdirectory("numbers").FullName;
        try
        {
            string source = Path.Combine(AppContext.BaseDirectory, "Programs", "numbers.c"), elf = Path.Combine(folder, "numbers.elf"), binary = Path.Combine(folder, "numbers.bin"), native = Path.Combine(folder, "numbers");
            Run("gcc", "-DNATIVE", "-O2", "-mfma", "-ffp-contract=off", "-fno-math-errno", source, "-o", native);
            Run("riscv64-unknown-elf-gcc", optimization, $"-march=rv{xlen}gc", xlen == 64 ? "-mabi=lp64d" : "-mabi=ilp32d", "-mcmodel=medany", "-ffp-contract=off", "-fno-math-errno", "-ffreestanding", "-nostdlib", source, "-lgcc", "-Wl,--no-relax",
                "-Wl,--section-start=.start=0x80000000", "-Wl,-Ttext=0x80001000", "-o", elf);
            Run("riscv64-unknown-elf-objcopy", "-O", "binary", elf, binary);
            ulong expected = ulong.Parse(Run(native), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

            ITestCpu cpu = TestMachine.Create(xlen);
            cpu.WriteMemory(TestMachine.Start, File.ReadAllBytes(binary));
            TestMachine.Set(cpu, "mstatus.FS", 1);
            for (long done = 0; done < Limit && !Ended(cpu); done += 1_000_000) cpu.Run(1_000_000);

            ulong sum = TestMachine.Get(cpu, "x10") | (xlen == 32 ? TestMachine.Get(cpu, "x11") << 32 : 0);
            Assert.Equal(0ul, TestMachine.Get(cpu, "mcause"));
            Assert.Equal(expected, sum);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether the program is in its last loop, of one jump to itself.</summary>
    private static bool Ended(ITestCpu cpu)
    {
        ulong pc = TestMachine.Get(cpu, "pc");
        cpu.Step();
        return TestMachine.Get(cpu, "pc") == pc;
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
