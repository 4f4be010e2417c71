using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Makes guests of random code for one instruction set.</summary>
internal interface IRandomGuest<TIsa>
    where TIsa : struct, IIsa
{
    /// <summary>Metadata of the instruction set.</summary>
    IsaMetadata Isa { get; }

    /// <summary>Width of the physical address space in bits, first address and size in bytes of the RAM.</summary>
    (int Bits, ulong Start, ulong Size) Memory { get; }

    /// <summary>The buses, and what the spec's externs are.</summary>
    /// <param name="time">Ticks.</param>
    /// <param name="acknowledged">To be called when an interrupt was taken: lowers the line.</param>
    /// <param name="memory">The physical memory.</param>
    /// <param name="device">A device.</param>
    (IReadOnlyDictionary<string, Bus> Buses, object Externs) Outside(Func<long> time, Action acknowledged, PhysicalMemory memory, Bus device);

    /// <summary>Fills memory and state of a CPU that was reset: code, tables, registers, mode.</summary>
    void Fill(Random random, Cpu<TIsa> cpu, Span<byte> ram);

    /// <summary>Raises or lowers the interrupt line.</summary>
    void SetInterrupt(Cpu<TIsa> cpu, bool level);

    /// <summary>The instruction these bytes are.</summary>
    string Disassemble(Cpu<TIsa> cpu, ReadOnlySpan<byte> bytes);
}
