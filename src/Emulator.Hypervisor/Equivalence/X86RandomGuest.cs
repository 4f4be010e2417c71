using System.Buffers.Binary;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Random 32-bit guests in protected mode, with or without paging, in ring 0 or 3: descriptor tables with every kind of entry, a task state segment, and handlers of random code too.</summary>
/// <param name="keepsTables">Whether its page tables are out of its reach. A guest that changes them without telling the processor may see either translation (SDM vol. 3, 4.10.4), and
/// two machines need not see the same.</param>
internal sealed unsafe class X86RandomGuest(bool keepsTables) : IRandomGuest<X86Isa>
{
    private const int Gdt = 0x1000, Idt = 0x2000, Tss = 0x3000, Code = 0x10000, CodeSize = 0x4000, Data = 0x20000, Stack = 0x48000, InnerStack = 0x4F000;
    private const int Pages = X86RandomPaging.Pages;

    /// <summary>Descriptors from entry 1 on, as high halves without base: flat code and data of rings 0 and 3, TSS, conforming code, ring 1, 16-bit code, expand-down data.</summary>
    private static readonly uint[] Descriptors = [0x00CF9B00, 0x00CF9300, 0x00CFFB00, 0x00CFF300, 0x00008900, 0x00CF9F00, 0x00CFBB00, 0x00CFB300, 0x000F9B00, 0x00C09700, 0x00008200];

    /// <summary>Beginnings of instructions that look at or change resources, or change control.</summary>
    private static readonly byte[][] Sensitive =
    [
        [0xFA], [0xFB], [0x9C], [0x9D], [0xCF], [0xCD], [0xCC], [0xCE], [0xF4], [0x0F, 0x20], [0x0F, 0x22], [0x0F, 0x21], [0x0F, 0x23], [0x0F, 0x01], [0x0F, 0x00], [0x0F, 0x02], [0x0F, 0x03],
        [0x0F, 0x06], [0x0F, 0x08], [0x0F, 0x09], [0x0F, 0xA2], [0x0F, 0x31], [0x0F, 0x30], [0x0F, 0x32], [0x0F, 0x0B], [0xEC], [0xED], [0xEE], [0xEF], [0xE4], [0xE5], [0xE6], [0xE7],
        [0x6C], [0x6D], [0x6E], [0x6F], [0xF3, 0x6D], [0xF3, 0x6E], [0x8E], [0x8C], [0x06], [0x07], [0x0E], [0x16], [0x17], [0x1E], [0x1F], [0x0F, 0xA0], [0x0F, 0xA1], [0x0F, 0xA8], [0x0F, 0xA9],
        [0xCB], [0xCA], [0x9A], [0xEA], [0xC4], [0xC5], [0x0F, 0xB2], [0x63], [0x62], [0x0F, 0x34], [0x0F, 0x35], [0x66, 0x9D], [0x66, 0x9C], [0x66, 0xCF],
        [0x0F, 0x78], [0x0F, 0x79], [0x0F, 0xC7], [0x66, 0x0F, 0xC7], [0xF3, 0x0F, 0xC7], [0x66, 0x0F, 0x38, 0x80], [0x66, 0x0F, 0x38, 0x81], [0xF3, 0x90],
    ];

    /// <summary>Beginnings of instructions that compute, move and branch.</summary>
    private static readonly byte[][] Innocuous =
    [
        [0x01], [0x03], [0x29], [0x31], [0x11], [0x19], [0x21], [0x09], [0x39], [0x89], [0x8B], [0x88], [0x8A], [0x87], [0x85], [0x8D], [0x83], [0x81], [0xC7], [0xF7], [0xFF], [0xFE], [0xC1], [0xD3],
        [0x50], [0x51], [0x53], [0x55], [0x58], [0x59], [0x5B], [0x5D], [0x40], [0x42], [0x49], [0x4E], [0x90], [0x98], [0x99], [0xF8], [0xF9], [0xF5], [0xFC], [0xFD], [0x9E], [0x9F], [0x60], [0x61],
        [0xA4], [0xA5], [0xAA], [0xAB], [0xAC], [0xA6], [0xAF], [0xF3, 0xA5], [0xF3, 0xAA], [0xF2, 0xAE], [0x0F, 0xAF], [0x0F, 0xB6], [0x0F, 0xBF], [0x0F, 0xC1], [0x0F, 0xB1], [0xF0, 0x0F, 0xC1], [0xF0, 0x01],
        [0x0F, 0xA3], [0x0F, 0xAB], [0x0F, 0xA4], [0x0F, 0xBC], [0x0F, 0x94], [0x0F, 0x44], [0x0F, 0xC8], [0x27], [0x37], [0xD4], [0xD7], [0x68], [0x6A], [0xC8], [0xC9], [0x69], [0x6B],
    ];

    /// <inheritdoc/>
    public IsaMetadata Isa => X86Metadata.Instance;

    /// <inheritdoc/>
    public (int Bits, ulong Start, ulong Size) Memory => (36, 0, Pages << 12);

    /// <inheritdoc/>
    public (IReadOnlyDictionary<string, Bus> Buses, object Externs) Outside(Func<long> time, Action acknowledged, PhysicalMemory memory, Bus device) =>
        (new Dictionary<string, Bus> { ["pmem"] = memory, ["port"] = device }, new Externs(time, acknowledged));

    /// <inheritdoc/>
    public void Fill(Random random, Cpu<X86Isa> cpu, Span<byte> ram)
    {
        bool paging = random.Next(2) == 0, wide = random.Next(2) == 0;
        FillCode(random, ram.Slice(Code, CodeSize), paging && !keepsTables ? new X86RandomPaging(random, wide) : null);
        random.NextBytes(ram.Slice(Data, 0x1000));
        for (int i = 0; i < Descriptors.Length; i++)
        {
            bool small = Descriptors[i] is 0x00008900 or 0x00008200;
            Put(ram, Gdt + (8 * (i + 1)), small ? (Tss << 16) | 0x67u : 0x0000FFFF);
            Put(ram, Gdt + (8 * (i + 1)) + 4, Descriptors[i]);
        }

        // A call gate that ring 3 may use.
        Gate(random, ram, Gdt + (8 * (Descriptors.Length + 1)), 0xEC);
        for (int vector = 0; vector < 256; vector++)
            Gate(random, ram, Idt + (8 * vector), random.Next(4) switch { 0 => 0x8E, 1 => 0x8F, 2 => 0xEE, _ => 0xEF });
        Put(ram, Tss + 4, InnerStack);
        Put(ram, Tss + 8, 2 * 8);
        X86RandomPaging.FillTables(random, ram, wide, reachable: !keepsTables);

        var s = (X86State*)cpu.State;
        int ring = random.Next(2) == 0 ? 0 : 3;
        for (int i = 0; i < 6; i++)
            Load(s, i, (ring == 0 ? i == 1 ? 1 : 2 : i == 1 ? 3 : 4) * 8 + ring, (ushort)((i == 1 ? 0xC09B : 0xC093) | (ring << 5)), 0, uint.MaxValue);
        Load(s, 6, 0, 0, 0, 0);
        Load(s, 7, 5 * 8, 0x8B, Tss, 0x67);
        (s->GDTR_base, s->GDTR_limit) = (Gdt, (ushort)((8 * (Descriptors.Length + 2)) - 1));
        (s->IDTR_base, s->IDTR_limit) = (Idt, 0x7FF);
        s->CPL = (byte)ring;
        s->CR0_PE = 1;
        s->CR0_PG = (byte)(paging ? 1 : 0);
        s->CR0_WP = (byte)random.Next(2);
        s->CR3 = X86RandomPaging.RootOf(0, wide);
        s->CR4_PAE = (byte)(wide ? 1 : 0);
        s->EFER_NXE = (byte)random.Next(2);
        for (int i = 0; i < 4 && wide; i++)
            s->PDPTE[i] = BinaryPrimitives.ReadUInt64LittleEndian(ram[((int)s->CR3 + (8 * i))..]);
        s->CR4_PSE = (byte)random.Next(2);
        s->CR4_PGE = (byte)random.Next(2);
        s->EFLAGS_IF = (byte)random.Next(2);
        s->EFLAGS_IOPL = (byte)(random.Next(3) == 0 ? 3 : 0);
        for (int i = 0; i < 8; i++)
            s->GPR[i] = random.Next(4) switch { 0 => (uint)random.Next(64), 1 => (uint)random.Next(), _ => (uint)(Data + random.Next(0x1000)) };
        s->GPR[4] = Stack;
        s->EIP = (uint)(Code + random.Next(CodeSize / 2));
    }

    /// <inheritdoc/>
    public void SetInterrupt(Cpu<X86Isa> cpu, bool level)
    {
        ((X86State*)cpu.State)->INTR = (byte)(level ? 1 : 0);
        cpu.StateChanged();
    }

    /// <inheritdoc/>
    public string Disassemble(Cpu<X86Isa> cpu, ReadOnlySpan<byte> bytes)
    {
        int length = X86Disassembler.Disassemble(X86DecodeMode.Of(cpu.State), bytes, cpu.Pc, out string text);
        return $"{Convert.ToHexStringLower(bytes[..Math.Max(length, 1)])}  {text}";
    }

    private static void FillCode(Random random, Span<byte> code, X86RandomPaging? paging)
    {
        for (int at = 0; at < code.Length;)
        {
            if (paging is not null && random.Next(14) == 0)
            {
                ReadOnlySpan<byte> sequence = paging.Next();
                for (int i = 0; i < sequence.Length; i++)
                    Append(code, ref at, sequence[i]);
                continue;
            }

            int kind = random.Next(20);
            if (kind < 3)
            {
                // Short jumps keep it together.
                Append(code, ref at, kind == 0 ? (byte)0xEB : (byte)(0x70 + random.Next(16)));
                Append(code, ref at, (byte)random.Next(-24, 40));
                continue;
            }

            byte[][] list = kind < 7 ? Sensitive : Innocuous;
            foreach (byte b in list[random.Next(list.Length)])
                Append(code, ref at, b);

            // What follows may be a ModRM byte: a register, or memory at a register.
            Append(code, ref at, (byte)((random.Next(3) == 0 ? 0x40 : 0xC0) | random.Next(64)));
            if (random.Next(3) == 0)
                Append(code, ref at, (byte)random.Next(256));
        }
    }

    private static void Append(Span<byte> code, ref int at, byte value)
    {
        if (at < code.Length)
            code[at] = value;
        at++;
    }

    private static void Gate(Random random, Span<byte> ram, int at, int type)
    {
        uint offset = (uint)(Code + random.Next(CodeSize));
        Put(ram, at, (8 << 16) | (offset & 0xFFFF));
        Put(ram, at + 4, (offset & 0xFFFF0000) | ((uint)type << 8));
    }

    private static void Load(X86State* s, int segment, int selector, ushort attributes, uint start, uint limit)
    {
        s->SEG_sel[segment] = (ushort)selector;
        s->SEG_base[segment] = start;
        s->SEG_limit[segment] = limit;
        s->SEG_attr_TYPE[segment] = (byte)(attributes & 0xF);
        s->SEG_attr_S[segment] = (byte)(attributes >> 4 & 1);
        s->SEG_attr_DPL[segment] = (byte)(attributes >> 5 & 3);
        s->SEG_attr_P[segment] = (byte)(attributes >> 7 & 1);
        s->SEG_attr_AVL[segment] = (byte)(attributes >> 12 & 1);
        s->SEG_attr_DB[segment] = (byte)(attributes >> 14 & 1);
        s->SEG_attr_G[segment] = (byte)(attributes >> 15 & 1);
    }

    private static void Put(Span<byte> ram, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(ram[at..], value);

    private sealed class Externs(Func<long> time, Action acknowledged) : X86Externs
    {
        public override uint AcknowledgeInterrupt(CpuHeader* h)
        {
            acknowledged();
            return 32 + ((uint)time() % 200);
        }

        public override ulong Timestamp(CpuHeader* h) => (ulong)time();
    }
}
