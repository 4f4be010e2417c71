using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Testing.X86;

/// <summary>CPUs to test.</summary>
public static class TestCpus
{
    private const int PhysicalAddressBits = 36;

    // Tests rewrite their code all the time; a small cache of decoded code is flushed sooner and stays in the host's caches.
    private const int CodeCacheSize = 1 << 20;

    /// <summary>An x86 CPU in its reset state with RAM from address 0 and nothing else: reads of other addresses give all ones.</summary>
    /// <param name="memoryBytes">Size of RAM, a multiple of 4096.</param>
    /// <param name="ports">The I/O ports; when not given, nobody answers there and reads give all ones.</param>
    public static TestCpu<X86Isa> CreateX86(int memoryBytes, PortBus? ports = null)
    {
        var memory = new PhysicalMemory(PhysicalAddressBits);
        memory.AddRam(0, (ulong)memoryBytes);
        var buses = new Dictionary<string, Bus> { ["pmem"] = memory };
        if (ports is not null)
            buses["port"] = ports;
        return new(X86Metadata.Instance, memory, new CpuOptions { Buses = buses, Externs = new QuietExterns(), CodeCacheSize = CodeCacheSize });
    }

    /// <summary>Puts a CPU into 32-bit protected mode at ring 0 with flat segments, paging and interrupts off, as a multiboot loader does.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="eip">Address of the first instruction.</param>
    public static void EnterFlat(ITestCpu cpu, uint eip)
    {
        const ulong ProtectionEnabled = 1, Code = 0xC09B, Data = 0xC093;
        ArgumentNullException.ThrowIfNull(cpu);
        cpu.Set("cr0", cpu.Get("cr0") | ProtectionEnabled);
        foreach (string segment in (string[])["cs", "ss", "ds", "es", "fs", "gs"])
        {
            cpu.Set(segment + ".sel", segment == "cs" ? 8u : 16u);
            cpu.Set(segment + ".base", 0);
            cpu.Set(segment + ".limit", uint.MaxValue);
            cpu.Set(segment + ".attr", segment == "cs" ? Code : Data);
        }

        cpu.Set("eip", eip);
        cpu.StateChanged();
    }
}
