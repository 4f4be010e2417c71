using Emulator.Runtime;
using Emulator.Testing;

namespace Emulator.RiscV.Custom;

/// <summary>A hart of RV64 with the custom extension, and RAM with a program in it.</summary>
internal static class CustomMachine
{
    /// <summary>Where RAM and the program begin.</summary>
    public const ulong Start = 0x8000_0000;

    private const ulong Size = 1 << 20;

    /// <summary>Whether RAM answers at a physical address.</summary>
    public static bool HasMemory(ulong address) => address - Start < Size;

    /// <summary>Assembles a program, four bytes to an instruction, and makes a machine that is about to execute it.</summary>
    public static TestCpu<Rv64xIsa> Create(params string[] program)
    {
        var memory = new PhysicalMemory(52);
        memory.AddRam(Start, Size);
        var buses = new Dictionary<string, Bus> { ["pmem"] = memory };
        var cpu = new TestCpu<Rv64xIsa>(Rv64xMetadata.Instance, memory, new CpuOptions { Buses = buses, Externs = new Rv64xTestExterns(), CodeCacheSize = 1 << 20 });
        for (int i = 0; i < program.Length; i++) cpu.WriteMemory(Start + (4 * (ulong)i), Assemble(program[i], Start + (4 * (ulong)i)));
        Set(cpu, "pc", Start);
        return cpu;
    }

    public static byte[] Assemble(string text, ulong pc)
    {
        Span<byte> bytes = stackalloc byte[4];
        Assert.True(Rv64xAssembler.TryAssemble(default, pc, text, bytes, out int length, out string error), $"{text}: {error}");
        Assert.Equal(4, length);
        return bytes.ToArray();
    }

    public static ulong Get(ITestCpu cpu, string register)
    {
        int number = cpu.FindRegister(register);
        Assert.True(number >= 0, register);
        return cpu.ReadRegister(number);
    }

    public static void Set(ITestCpu cpu, string register, ulong value)
    {
        cpu.WriteRegister(cpu.FindRegister(register), value);
        cpu.StateChanged();
    }
}
