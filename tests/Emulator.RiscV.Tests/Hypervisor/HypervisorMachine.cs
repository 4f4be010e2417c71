using Emulator.Runtime;
using Emulator.RiscVH;
using Emulator.Testing;

namespace Emulator.RiscV.Tests.Hypervisor;

/// <summary>A hart with the hypervisor extension, with RAM and nothing else.</summary>
internal static class HypervisorMachine
{
    /// <summary>A hart in its reset state, but for the pc, which is at the start of RAM.</summary>
    public static ITestCpu Create(int xlen)
    {
        var memory = new PhysicalMemory(xlen == 64 ? 52 : 34);
        memory.AddRam(TestMachine.Start, TestMachine.Size);
        var buses = new Dictionary<string, Bus> { ["pmem"] = memory };
        ITestCpu cpu;
        if (xlen == 64)
        {
            var externs = new Rv64hTestExterns();
            var made = new TestCpu<Rv64hIsa>(Rv64hMetadata.Instance, memory, new CpuOptions { Buses = buses, Externs = externs, CodeCacheSize = 1 << 20 });
            externs.Count = () => (ulong)made.Cpu.Instructions - 1;
            cpu = made;
        }
        else
        {
            var externs = new Rv32hTestExterns();
            var made = new TestCpu<Rv32hIsa>(Rv32hMetadata.Instance, memory, new CpuOptions { Buses = buses, Externs = externs, CodeCacheSize = 1 << 20 });
            externs.Count = () => (ulong)made.Cpu.Instructions - 1;
            cpu = made;
        }

        TestMachine.Set(cpu, "pc", TestMachine.Start);
        return cpu;
    }
}
