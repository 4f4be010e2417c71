using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

/// <summary>What generated code calls for a memory access its inline TLB check does not answer; no objects needed, the CPU's header finds them.</summary>
/// <remarks>
/// <c>memory</c> is the index in <see cref="IIsa.Memories"/>; <c>mode</c> is the value of the memory's `per` expression (0 or 1). An access that faults leaves
/// <see cref="CpuHeader.Trap"/> non-zero, has no effect and returns 0: the caller must look at it after every call. Values are little-endian.
/// </remarks>
public static unsafe class MemoryAccess
{
    /// <summary>Reads 8 bits from a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Read8(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).Read(h, address, 1, mode);

    /// <summary>Reads 16 bits from a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Read16(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).Read(h, address, 2, mode);

    /// <summary>Reads 32 bits from a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Read32(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).Read(h, address, 4, mode);

    /// <summary>Reads 64 bits from a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Read64(CpuHeader* h, int memory, ulong address, int mode) => Paged(h, memory).Read(h, address, 8, mode);

    /// <summary>Reads 128 bits from a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static UInt128 Read128(CpuHeader* h, int memory, ulong address, int mode) => Paged(h, memory).Read128(h, address, mode);

    /// <summary>Writes 8 bits to a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write8(CpuHeader* h, int memory, ulong address, uint value, int mode) => Paged(h, memory).Write(h, address, 1, value, mode);

    /// <summary>Writes 16 bits to a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write16(CpuHeader* h, int memory, ulong address, uint value, int mode) => Paged(h, memory).Write(h, address, 2, value, mode);

    /// <summary>Writes 32 bits to a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write32(CpuHeader* h, int memory, ulong address, uint value, int mode) => Paged(h, memory).Write(h, address, 4, value, mode);

    /// <summary>Writes 64 bits to a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write64(CpuHeader* h, int memory, ulong address, ulong value, int mode) => Paged(h, memory).Write(h, address, 8, value, mode);

    /// <summary>Writes 128 bits to a paged memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write128(CpuHeader* h, int memory, ulong address, UInt128 value, int mode) => Paged(h, memory).Write128(h, address, value, mode);

    /// <summary>Reads 8 bits that will be written back: write access is checked first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint ReadForWrite8(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).ReadForWrite(h, address, 1, mode);

    /// <summary>Reads 16 bits that will be written back: write access is checked first, on every byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint ReadForWrite16(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).ReadForWrite(h, address, 2, mode);

    /// <summary>Reads 32 bits that will be written back: write access is checked first, on every byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint ReadForWrite32(CpuHeader* h, int memory, ulong address, int mode) => (uint)Paged(h, memory).ReadForWrite(h, address, 4, mode);

    /// <summary>Reads 64 bits that will be written back: write access is checked first, on every byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong ReadForWrite64(CpuHeader* h, int memory, ulong address, int mode) => Paged(h, memory).ReadForWrite(h, address, 8, mode);

    /// <summary>Reads 128 bits that will be written back: write access is checked first, on every byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static UInt128 ReadForWrite128(CpuHeader* h, int memory, ulong address, int mode) => Paged(h, memory).ReadForWrite128(h, address, mode);

    /// <summary>Reads <paramref name="size"/> bytes (1 to 8) from a bus; never faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong BusRead(CpuHeader* h, int memory, ulong address, int size) => Bus(h, memory).Read(address, size);

    /// <summary>Writes the low <paramref name="size"/> bytes (1 to 8) of a value to a bus; never faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BusWrite(CpuHeader* h, int memory, ulong address, int size, ulong value) => Bus(h, memory).Write(address, size, value);

    /// <summary>Reads 16 bytes from a bus; never faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static UInt128 BusRead128(CpuHeader* h, int memory, ulong address)
    {
        var bus = Bus(h, memory);
        return new UInt128(bus.Read(address + 8, 8), bus.Read(address, 8));
    }

    /// <summary>Writes 16 bytes to a bus; never faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BusWrite128(CpuHeader* h, int memory, ulong address, UInt128 value)
    {
        var bus = Bus(h, memory);
        bus.Write(address, 8, (ulong)value);
        bus.Write(address + 8, 8, (ulong)(value >> 64));
    }

    /// <summary>Drops every cached translation of a paged memory (`flush M;`).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Flush(CpuHeader* h, int memory) => Paged(h, memory).Flush();

    /// <summary>Drops the cached translations of the page at an address (`flush M at a;`).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FlushPage(CpuHeader* h, int memory, ulong address) => Paged(h, memory).FlushPage(address);

    private static PagedMemory Paged(CpuHeader* h, int memory) => CpuContext.All[h->ContextId].PagedMemories[memory];

    private static Bus Bus(CpuHeader* h, int memory) => CpuContext.All[h->ContextId].Buses[memory];
}
