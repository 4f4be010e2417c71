using System.Diagnostics;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What the vCPUs of a VM share: physical memory, and who executes now.</summary>
internal class GeneratedMachine : IBusDevice, IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Makes a machine without memory.</summary>
    /// <param name="addressBits">Width of a physical address.</param>
    public GeneratedMachine(int addressBits) => Memory = new PhysicalMemory(addressBits) { Unclaimed = this };

    /// <summary>Physical memory: the VM's slots.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The vCPU that executes; one at a time.</summary>
    public GeneratedVcpu? Current { get; set; }

    /// <summary>Nanoseconds of the host since the machine was made.</summary>
    public ulong Nanoseconds => (ulong)((Int128)(Stopwatch.GetTimestamp() - _start) * 1_000_000_000 / Stopwatch.Frequency);

    int IBusDevice.MaxAccessSize => sizeof(ulong);

    /// <summary>A read where no slot is.</summary>
    public ulong Read(ulong offset, int size) => Current is { } vcpu ? vcpu.ReadMemory(offset, size) : Bus.AllOnes(size);

    /// <summary>A write where no slot can be written.</summary>
    public void Write(ulong offset, int size, ulong value) => Current?.WriteMemory(offset, size, value);

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
