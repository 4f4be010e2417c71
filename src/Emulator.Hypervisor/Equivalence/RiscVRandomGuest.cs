using System.Buffers.Binary;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>Random RISC-V guests in machine, supervisor or user mode, with or without paging, whose trap handlers are random code too.</summary>
internal abstract unsafe class RiscVRandomGuest<TIsa> : IRandomGuest<TIsa>
    where TIsa : struct, IIsa
{
    /// <summary>Where the RAM and the device are.</summary>
    protected const ulong Ram = 0x8000_0000, Device = 0x1000_0000;

    private const int Code = 0, CodeSize = 0x8000, Data = 0x10000, Tables = 0x20000, Size = 0x40000;

    /// <inheritdoc/>
    public abstract IsaMetadata Isa { get; }

    /// <inheritdoc/>
    public (int Bits, ulong Start, ulong Size) Memory => (Xlen == 64 ? 52 : 34, Ram, Size);

    /// <summary>Width of the registers: 32 or 64 bits.</summary>
    protected abstract int Xlen { get; }

    /// <inheritdoc/>
    public (IReadOnlyDictionary<string, Bus> Buses, object Externs) Outside(Func<long> time, Action acknowledged, PhysicalMemory memory, Bus device)
    {
        memory.MapDevice(Device, PhysicalMemory.PageSize, new DelegateDevice((offset, size) => device.Read(offset, size), (offset, size, value) => device.Write(offset, size, value)));
        return (new Dictionary<string, Bus> { ["pmem"] = memory }, CreateExterns(time));
    }

    /// <inheritdoc/>
    public void Fill(Random random, Cpu<TIsa> cpu, Span<byte> ram)
    {
        RiscVCode.Fill(random, ram.Slice(Code, CodeSize));
        random.NextBytes(ram.Slice(Data, 0x1000));
        ulong root = Map(random, ram);
        for (int x = 1; x < 32; x++)
            Set(cpu, "X", "", random.Next(4) switch { 0 => (ulong)random.Next(64), 1 => (ulong)random.NextInt64(), 2 => Device + (ulong)random.Next(64), _ => Ram + Data + (ulong)(random.Next(0x400) * 8) }, x);
        Set(cpu, "PC", "", Somewhere(random));
        foreach (string vector in (string[])["mtvec", "stvec"])
            Set(cpu, vector, "", (Somewhere(random) & ~3UL) | (uint)random.Next(2));
        foreach (string place in (string[])["mepc", "sepc"])
            Set(cpu, place, "", Somewhere(random));
        Set(cpu, "medeleg", "", (ulong)random.Next(0x10000) & 0xB3FF);
        Set(cpu, "mideleg", "", (ulong)random.Next(0x400) & 0x222);
        Set(cpu, "mie", "", (ulong)random.Next(0x1000) & 0xAAA);
        Set(cpu, "pmpaddr", "", ulong.MaxValue >> 10);
        Set(cpu, "pmpcfg", "", 0x1F);
        Set(cpu, "mcounteren", "", (ulong)random.Next(8));
        Set(cpu, "scounteren", "", (ulong)random.Next(8));
        foreach (string bit in (string[])["SIE", "MIE", "SPIE", "MPIE", "SPP", "SUM", "MXR", "TVM", "TW", "TSR"])
            Set(cpu, "mstatus", bit, (ulong)random.Next(2));
        Set(cpu, "mstatus", "MPP", random.Next(3) switch { 0 => 0UL, 1 => 1UL, _ => 3UL });
        Set(cpu, "PRIV", "", random.Next(3) switch { 0 => 0UL, 1 => 1UL, _ => 3UL });
        if (random.Next(2) == 0)
            Set(cpu, "satp", "", root);
    }

    /// <inheritdoc/>
    public void SetInterrupt(Cpu<TIsa> cpu, bool level)
    {
        Set(cpu, "mip", "MTIP", level ? 1UL : 0);
        Set(cpu, "SEIP_LINE", "", level ? 1UL : 0);
        cpu.StateChanged();
    }

    /// <inheritdoc/>
    public abstract string Disassemble(Cpu<TIsa> cpu, ReadOnlySpan<byte> bytes);

    /// <summary>The spec's externs.</summary>
    protected abstract object CreateExterns(Func<long> time);

    /// <summary>Whether RAM or the device answers.</summary>
    protected static bool IsAccessible(ulong address, uint access) => address - Ram < Size || (address - Device < PhysicalMemory.PageSize && access != 2);

    private static ulong Somewhere(Random random) => Ram + Code + (ulong)(random.Next(CodeSize / 4) * 2);

    /// <summary>Page tables that map the RAM at its own address, most pages with every right; the value of satp.</summary>
    private ulong Map(Random random, Span<byte> ram)
    {
        ulong Entry(ulong address, ulong bits) => (address >> 12 << 10) | bits;
        if (Xlen == 32)
        {
            // Sv32: the root covers 4 MB an entry.
            BinaryPrimitives.WriteUInt32LittleEndian(ram[(Tables + (4 * (int)(Ram >> 22)))..], (uint)Entry(Ram + Tables + 0x1000, 1));
            BinaryPrimitives.WriteUInt32LittleEndian(ram[(Tables + (4 * (int)(Device >> 22)))..], (uint)Entry(Device, 0xD7));
            for (int page = 0; page < Size >> 12; page++)
                BinaryPrimitives.WriteUInt32LittleEndian(ram[(Tables + 0x1000 + (4 * page))..], (uint)Entry(Ram + ((ulong)page << 12), Rights(random)));
            return 0x8000_0000 | ((Ram + Tables) >> 12);
        }

        // Sv39: three levels.
        BinaryPrimitives.WriteUInt64LittleEndian(ram[(Tables + (8 * (int)(Ram >> 30)))..], Entry(Ram + Tables + 0x1000, 1));
        BinaryPrimitives.WriteUInt64LittleEndian(ram[Tables..], Entry(0, 0xD7));
        BinaryPrimitives.WriteUInt64LittleEndian(ram[(Tables + 0x1000)..], Entry(Ram + Tables + 0x2000, 1));
        for (int page = 0; page < Size >> 12; page++)
            BinaryPrimitives.WriteUInt64LittleEndian(ram[(Tables + 0x2000 + (8 * page))..], Entry(Ram + ((ulong)page << 12), Rights(random)));
        return (8UL << 60) | ((Ram + Tables) >> 12);
    }

    /// <summary>Bits of a leaf: V R W X U G A D.</summary>
    private static ulong Rights(Random random) => random.Next(16) == 0 ? (ulong)random.Next(256) : random.Next(2) == 0 ? 0xDFUL : 0xCFUL;

    private void Set(Cpu<TIsa> cpu, string state, string field, ulong value, int element = 0)
    {
        StateInfo info = Isa.States.First(s => s.Name == state);
        int atom = info.Atoms.ToList().FindIndex(a => a.Name == field);
        StateAccess.Write<TIsa>(cpu.State, info, atom, element, value & (ulong.MaxValue >> (64 - info.Atoms[atom].Width)));
    }
}
