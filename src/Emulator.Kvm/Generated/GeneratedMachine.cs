using System.Diagnostics;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What the vCPUs of a VM share: physical memory, and who executes now.</summary>
internal sealed class GeneratedMachine : IBusDevice, IDisposable
{
    /// <summary>Width of a physical address: that of `pmem` in isa/x86/memory.isa.</summary>
    public const int AddressBits = 36;

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Makes a machine without memory.</summary>
    public GeneratedMachine() => Memory = new PhysicalMemory(AddressBits) { Unclaimed = this };

    /// <summary>Physical memory: the VM's slots.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The vCPU that executes; one at a time.</summary>
    public GeneratedVcpu? Current { get; set; }

    /// <summary>Nanoseconds of the host since the machine was made: a time-stamp counter of 1 GHz.</summary>
    public ulong Nanoseconds => (ulong)((Int128)(Stopwatch.GetTimestamp() - _start) * 1_000_000_000 / Stopwatch.Frequency);

    int IBusDevice.MaxAccessSize => sizeof(ulong);

    /// <summary>A read where no slot is.</summary>
    public ulong Read(ulong offset, int size) => Current is { } vcpu ? vcpu.ReadMemory(offset, size) : Bus.AllOnes(size);

    /// <summary>A write where no slot can be written.</summary>
    public void Write(ulong offset, int size, ulong value) => Current?.WriteMemory(offset, size, value);

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
