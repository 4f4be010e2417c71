using System.Buffers.Binary;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>A small x86 machine for a guest that pages: flat segments, 4 MB of RAM at 0 and at 4 GB, ROM, a device; bare, or under a monitor with shadow page tables.</summary>
internal sealed unsafe class PagingGuest : IDisposable
{
    public const ulong High = 1UL << 32;
    public const uint Rom = 0x80_0000, Device = 0x90_0000, RamSize = 4 << 20;

    /// <summary>Where the handler of page faults puts error code and address; it halts then.</summary>
    public const uint FaultError = 0x8000, FaultAddress = 0x8004, Origin = 0x1_0000;

    private const uint Gdt = 0x1000, Idt = 0x2000, Tss = 0x3000, Handler = 0x9000;

    private readonly NativeBlock _ram, _highRam;
    private readonly DeviceRegisters _device = new();

    /// <summary>Makes one.</summary>
    /// <param name="paging">Null for the bare machine.</param>
    /// <param name="frames">Most frames for shadow tables.</param>
    public PagingGuest(PagingPolicy? paging, int frames = 64)
    {
        Memory = new PhysicalMemory(36);
        _ram = Memory.AddRam(0, RamSize);
        _highRam = Memory.AddRam(High, RamSize);
        RomBytes = Memory.AddRom(Rom, new byte[0x4000]);
        Memory.MapDevice(Device, 0x1000, _device);
        Cpu = new Cpu<X86Isa>(new CpuOptions { Buses = new Dictionary<string, Bus> { ["pmem"] = Memory }, Externs = new Externs(), IdleLimit = 1e-4 });
        if (paging is { } p)
            Monitor = new TrapAndEmulate<X86Isa>(Cpu, X86Metadata.Instance, new RingCompression(), CriticalPolicy.Patch, p, frames);
        Assemble(Handler, "pop eax", $"mov dword [0x{FaultError:x}], eax", "mov eax, cr2", $"mov dword [0x{FaultAddress:x}], eax", "hlt");
        for (uint i = 1; i <= 4; i++)
            Put64(Gdt + (8 * i), i switch { 1 => 0x00CF9B00_0000FFFF, 2 => 0x00CF9300_0000FFFF, 3 => 0x00CFFB00_0000FFFF, _ => 0x00CFF300_0000FFFF });
        Put64(Idt + (8 * 14), (8 << 16) | Handler | 0x8E00_0000_0000);
        Put32(Tss + 4, 0x7000);
        Put32(Tss + 8, 2 * 8);
        Start(Origin, ring: 0);
    }

    public PhysicalMemory Memory { get; }

    public NativeBlock RomBytes { get; }

    public Cpu<X86Isa> Cpu { get; }

    public TrapAndEmulate<X86Isa>? Monitor { get; }

    public X86Shadows<X86Isa> Shadows => (X86Shadows<X86Isa>)Monitor!.Shadows!;

    public bool HasShadows => Monitor?.Shadows is not null;

    public ShadowStatistics Statistics => Shadows.Statistics;

    public X86State* State => (X86State*)Cpu.State;

    public uint Eax => State->GPR[0];

    public void Put32(ulong at, uint value) => Memory.CopyIn(at, BitConverter.GetBytes(value), intoRom: true);

    public void Put64(ulong at, ulong value) => Memory.CopyIn(at, BitConverter.GetBytes(value), intoRom: true);

    public uint Get32(ulong at) => (uint)Memory.Read(at, 4);

    /// <summary>Puts code somewhere; jumps name their distance from their own beginning.</summary>
    public void Assemble(uint at, params string[] lines)
    {
        Span<byte> bytes = stackalloc byte[16];
        var mode = new X86DecodeMode { osz = 32, asz = 32, ssz = 32 };
        foreach (string line in lines)
        {
            string text = line.StartsWith('j') && line.Split(' ') is [var jump, var distance] && int.TryParse(distance, out int by) ? $"{jump} short 0x{(uint)(at + by):x}" : line;
            Assert.True(X86Assembler.TryAssemble(in mode, at, text, bytes, out int length, out string error), $"{line}: {error}");
            Memory.CopyIn(at, bytes[..length]);
            at += (uint)length;
        }
    }

    /// <summary>Continues somewhere, on a level.</summary>
    public void Start(uint pc, int ring)
    {
        X86State* s = State;
        for (int i = 0; i < 6; i++)
            Load(i, ((ring == 0 ? i == 1 ? 1 : 2 : i == 1 ? 3 : 4) * 8) + ring, (ushort)((i == 1 ? 0xC09B : 0xC093) | (ring << 5)), 0, uint.MaxValue);
        Load(7, 5 * 8, 0x8B, Tss, 0x67);
        (s->GDTR_base, s->GDTR_limit, s->IDTR_base, s->IDTR_limit) = (Gdt, 0x2F, Idt, 0x7FF);
        s->CPL = (byte)ring;
        s->CR0_PE = 1;
        s->HALTED = 0;
        s->GPR[4] = 0x7800;
        s->EIP = pc;
        Cpu.StateChanged();
    }

    /// <summary>Sets how the guest pages, as MOV to CR0, CR3 and CR4 would have.</summary>
    public void Page(uint cr3, bool pae = false, bool pse = false, bool wp = true, bool nxe = false)
    {
        X86State* s = State;
        (s->CR0_PG, s->CR3) = (1, cr3);
        s->CR4_PAE = (byte)(pae ? 1 : 0);
        s->CR4_PSE = (byte)(pse ? 1 : 0);
        s->CR0_WP = (byte)(wp ? 1 : 0);
        s->EFER_NXE = (byte)(nxe ? 1 : 0);
        for (int i = 0; i < 4 && pae; i++)
            s->PDPTE[i] = Memory.Read(cr3 + (8 * (uint)i), 8);
        Cpu.StateChanged();
        Cpu.FlushTranslations();
    }

    /// <summary>A directory and a table that map the first 4 MB at their own addresses.</summary>
    public void Identity(uint directory, uint table, uint bits = 7)
    {
        Put32(directory, table | 7);
        for (uint i = 0; i < 1024; i++)
            Put32(table + (4 * i), (i << 12) | bits);
    }

    /// <summary>Pointers, a directory and two tables of PAE paging that do.</summary>
    public void IdentityPae(uint pointers, uint directory, uint tables)
    {
        Put64(pointers, directory | 1);
        for (uint i = 0; i < 1024; i++)
            Put64(tables + (8 * i), (i << 12) | 7);
        Put64(directory, tables | 7);
        Put64(directory + 8, (tables + 0x1000) | 7);
    }

    public RunResult Run(long instructions = 10_000) => Cpu.Run(instructions);

    /// <summary>Everything the guest can see.</summary>
    public string Seen() => $"{Cpu.HashState()} {_device.Written:x}";

    public void Dispose()
    {
        Monitor?.Dispose();
        Cpu.Dispose();
        Memory.Dispose();
    }

    private void Load(int segment, int selector, ushort attributes, uint start, uint limit)
    {
        X86State* s = State;
        s->SEG_sel[segment] = (ushort)selector;
        s->SEG_base[segment] = start;
        s->SEG_limit[segment] = limit;
        s->SEG_attr_TYPE[segment] = (byte)(attributes & 0xF);
        s->SEG_attr_S[segment] = (byte)(attributes >> 4 & 1);
        s->SEG_attr_DPL[segment] = (byte)(attributes >> 5 & 3);
        s->SEG_attr_P[segment] = (byte)(attributes >> 7 & 1);
        s->SEG_attr_DB[segment] = (byte)(attributes >> 14 & 1);
        s->SEG_attr_G[segment] = (byte)(attributes >> 15 & 1);
    }

    /// <summary>Registers that can be written and read, and can hold a page table.</summary>
    private sealed class DeviceRegisters : IBusDevice
    {
        private readonly byte[] _bytes = new byte[0x1000];

        public ulong Written { get; private set; }

        public int MaxAccessSize => 4;

        public ulong Read(ulong offset, int size)
        {
            ulong value = 0;
            for (int i = 0; i < size; i++)
                value |= (ulong)_bytes[(int)offset + i] << (8 * i);
            return value;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            Written = (Written * 31) + offset + value + 1;
            for (int i = 0; i < size; i++)
                _bytes[(int)offset + i] = (byte)(value >> (8 * i));
        }
    }

    private sealed class Externs : X86Externs
    {
        public override uint AcknowledgeInterrupt(CpuHeader* h) => 32;

        public override ulong Timestamp(CpuHeader* h) => 0;
    }
}
