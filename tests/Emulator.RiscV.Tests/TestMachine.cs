using Emulator.Runtime;
using Emulator.Testing;

namespace Emulator.RiscV.Tests;

/// <summary>A hart with RAM and nothing else.</summary>
internal static class TestMachine
{
    /// <summary>Where RAM begins, and a program.</summary>
    public const ulong Start = 0x8000_0000;

    /// <summary>What the time CSR shows.</summary>
    public const ulong Time = 12345;

    /// <summary>Bytes of RAM.</summary>
    public const ulong Size = 1 << 20;

    /// <summary>Whether RAM answers at a physical address.</summary>
    public static bool HasMemory(ulong address) => address - Start < Size;

    /// <summary>A hart in its reset state, but for the pc, which is at the start of RAM.</summary>
    public static ITestCpu Create(int xlen)
    {
        var memory = new PhysicalMemory(xlen == 64 ? 52 : 34);
        memory.AddRam(Start, Size);
        var buses = new Dictionary<string, Bus> { ["pmem"] = memory };
        ITestCpu cpu;
        if (xlen == 64)
        {
            var externs = new Rv64TestExterns();
            var made = new TestCpu<Rv64Isa>(Rv64Metadata.Instance, memory, new CpuOptions { Buses = buses, Externs = externs, CodeCacheSize = 1 << 20 });
            externs.Count = () => (ulong)made.Cpu.Instructions - 1;
            cpu = made;
        }
        else
        {
            var externs = new Rv32TestExterns();
            var made = new TestCpu<Rv32Isa>(Rv32Metadata.Instance, memory, new CpuOptions { Buses = buses, Externs = externs, CodeCacheSize = 1 << 20 });
            externs.Count = () => (ulong)made.Cpu.Instructions - 1;
            cpu = made;
        }

        Set(cpu, "pc", Start);
        return cpu;
    }

    /// <summary>Assembles one instruction at the start of RAM with the assembler that is generated from the spec.</summary>
    public static byte[] Assemble(int xlen, string text)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool done = xlen == 64
            ? Rv64Assembler.TryAssemble(default, Start, text, bytes, out int length, out string error)
            : Rv32Assembler.TryAssemble(default, Start, text, bytes, out length, out error);
        Assert.True(done, $"{text}: {error}");
        return bytes[..length].ToArray();
    }

    public static ulong Get(ITestCpu cpu, string register)
    {
        int number = cpu.FindRegister(register);
        Assert.True(number >= 0, register);
        return cpu.ReadRegister(number);
    }

    public static void Set(ITestCpu cpu, string register, ulong value)
    {
        int number = cpu.FindRegister(register);
        Assert.True(number >= 0, register);
        cpu.WriteRegister(number, value);
        cpu.StateChanged();
    }
}
