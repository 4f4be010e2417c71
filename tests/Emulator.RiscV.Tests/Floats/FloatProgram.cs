using System.Diagnostics;
using System.Runtime.InteropServices;
using Emulator.Testing;

namespace Emulator.RiscV.Tests.Floats;

/// <summary>Programs/floats.S, on our machine and under QEMU.</summary>
internal sealed class FloatProgram : IDisposable
{
    private const ulong Done = 0x10, Routine = 0x40, Slot = 0x100, Input = 0x10000, Output = 0x90000;

    private readonly string _folder = Directory.CreateTempSubdirectory("floats").FullName;
    private readonly ITestCpu _cpu;
    private readonly Process _qemu;

    /// <summary>Builds the program, loads it and starts QEMU.</summary>
    public FloatProgram(int xlen)
    {
        string elf = Path.Combine(_folder, "floats.elf"), binary = Path.Combine(_folder, "floats.bin");
        Run("riscv64-unknown-elf-gcc", $"-march=rv{xlen}imafdc_zicsr_zifencei", xlen == 64 ? "-mabi=lp64" : "-mabi=ilp32", "-nostdlib", $"-Wa,-defsym,XLEN={xlen}", "-x", "assembler",
            Path.Combine(AppContext.BaseDirectory, "Programs", "floats.S"), "-Wl,--section-start=.code=0x80000000", "-o", elf);
        Run("riscv64-unknown-elf-objcopy", "-O", "binary", elf, binary);
        _cpu = TestMachine.Create(xlen);
        _cpu.WriteMemory(TestMachine.Start, File.ReadAllBytes(binary).AsSpan(0, (int)Input));
        TestMachine.Set(_cpu, "mstatus.FS", 1);
        _qemu = Process.Start(new ProcessStartInfo($"qemu-riscv{xlen}", elf) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Executes one or two words on every record, twice.</summary>
    public (FloatResult[] Ours, FloatResult[] Qemu) Execute(uint word, uint second, FloatRecord[] records)
    {
        Span<uint> header = [word, second, (uint)records.Length];
        Stream to = _qemu.StandardInput.BaseStream;
        to.Write(MemoryMarshal.AsBytes(header));
        to.Write(MemoryMarshal.AsBytes<FloatRecord>(records));
        to.Flush();

        var ours = new FloatResult[records.Length];
        _cpu.WriteMemory(TestMachine.Start + Slot, MemoryMarshal.AsBytes(header[..2]));
        _cpu.WriteMemory(TestMachine.Start + Input, MemoryMarshal.AsBytes<FloatRecord>(records));
        TestMachine.Set(_cpu, "x1", TestMachine.Start + Done);
        TestMachine.Set(_cpu, "x10", TestMachine.Start + Input);
        TestMachine.Set(_cpu, "x11", (ulong)records.Length);
        TestMachine.Set(_cpu, "x12", TestMachine.Start + Output);
        TestMachine.Set(_cpu, "pc", TestMachine.Start + Routine);
        _cpu.Run((records.Length * 25L) + 16);
        Assert.Equal(TestMachine.Start + Done, TestMachine.Get(_cpu, "pc"));
        _cpu.ReadMemory(TestMachine.Start + Output, MemoryMarshal.AsBytes(ours.AsSpan()));

        var qemu = new FloatResult[records.Length];
        _qemu.StandardOutput.BaseStream.ReadExactly(MemoryMarshal.AsBytes(qemu.AsSpan()));
        return (ours, qemu);
    }

    public void Dispose()
    {
        _qemu.StandardInput.Close();
        _qemu.WaitForExit();
        _qemu.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
