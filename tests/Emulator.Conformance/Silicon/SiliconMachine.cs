using System.Buffers.Binary;
using Emulator.X86;

namespace Emulator.Conformance.Silicon;

/// <summary>The CPU under test, set up as the operating system of the harness sets up the processor: ring 3, flat segments, paging, every trap to ring 0.</summary>
internal sealed class SiliconMachine
{
    private const uint Gdt = 0x1000, Idt = 0x2000, Tss = 0x3000, Directory = 0x4000, Tables = 0x5000;
    private const uint Handlers = 0x8000, HandlerSize = 16, StackTop = 0xA000;

    // Where physical address 0 stands in linear space; nothing that a case can reach.
    private const uint Kernel = 0xC0000000;
    private const uint PresentWriteUser = 7, PresentWrite = 3;
    private const int GdtEntries = 32, KernelCode = 0x08, KernelData = 0x18, TaskSelector = 0x40;
    private const uint StartEflags = 0x202;
    private static readonly string[] GprNames = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];
    private static readonly string[] DataSegments = ["ds", "es", "fs", "gs"];

    private readonly SiliconHello _hello;
    private readonly byte[] _baseline;
    private readonly int[] _gpr = new int[8];
    private readonly int[] _segments = new int[4];
    private readonly int _eip, _eflags;

    /// <summary>Builds the machine for a harness that has introduced itself.</summary>
    public SiliconMachine(SiliconHello hello)
    {
        _hello = hello;
        Cpu = TestCpus.CreateX86(4 << 20);
        for (int i = 0; i < 8; i++)
            _gpr[i] = Cpu.Require(GprNames[i]);
        for (int i = 0; i < 4; i++)
            _segments[i] = Cpu.Require(DataSegments[i] + ".sel");
        _eip = Cpu.Require("eip");
        _eflags = Cpu.Require("eflags");
        WriteTables();
        EnterUserMode();
        _baseline = Cpu.SaveState();
    }

    public TestCpu<X86Isa> Cpu { get; }

    public uint Gpr(int register) => (uint)Cpu.ReadRegister(_gpr[register]);

    /// <summary>DS, ES, FS, GS.</summary>
    public ushort Selector(int index) => (ushort)Cpu.ReadRegister(_segments[index]);

    public uint Eip => (uint)Cpu.ReadRegister(_eip);

    public uint Eflags => (uint)Cpu.ReadRegister(_eflags);

    /// <summary>Puts the machine to the start of a case.</summary>
    public void Load(in SiliconCase @case, ReadOnlySpan<byte> scratch)
    {
        Cpu.LoadState(_baseline);
        for (int i = 0; i < 8; i++)
            Cpu.WriteRegister(_gpr[i], @case.Gpr[i]);
        Cpu.WriteRegister(_eflags, (@case.Eflags & 0xCD5) | StartEflags);
        Cpu.WriteMemory(_hello.CodeEntry, @case.Instruction);
        Cpu.WriteMemory(_hello.Scratch, scratch);
        Cpu.StateChanged();
    }

    /// <summary>Executes the instruction, all iterations of it; returns the vector whose handler control went to, or -1.</summary>
    public int Execute()
    {
        const int MaxIterations = 1024;
        for (int i = 0; i < MaxIterations; i++)
        {
            StepResult result = Cpu.Step();
            if (result.Kind is StepKind.Halted or StepKind.Stopped || Eip != _hello.CodeEntry)
                break;
        }

        uint handler = Eip - Kernel - Handlers;
        return handler < 256 * HandlerSize ? (int)(handler / HandlerSize) : -1;
    }

    /// <summary>What delivering an exception pushed: error code (0 if there is none), EIP, EFLAGS, ESP.</summary>
    public (uint Error, uint Eip, uint Eflags, uint Esp) TrapFrame()
    {
        uint esp = Gpr(4) - Kernel;
        bool hasError = StackTop - esp == 24;
        Span<byte> frame = stackalloc byte[24];
        Cpu.ReadMemory(StackTop - 24, frame);
        uint Word(ReadOnlySpan<byte> f, int i) => BinaryPrimitives.ReadUInt32LittleEndian(f[(4 * i)..]);
        return (hasError ? Word(frame, 0) : 0, Word(frame, 1), Word(frame, 3), Word(frame, 4));
    }

    /// <summary>Scratch memory as it is now.</summary>
    public void ReadScratch(Span<byte> scratch) => Cpu.ReadMemory(_hello.Scratch, scratch);

    private void WriteTables()
    {
        // The operating system's descriptors, as LAR and LSL see them (Linux, arch/x86/kernel/cpu/common.c, for the selectors it hands out).
        Descriptor(0x08, 0, 0xFFFFF, 0xC09B);
        Descriptor(0x10, 0, 0xFFFFF, 0xA09B);
        Descriptor(0x18, 0, 0xFFFFF, 0xC093);
        Descriptor(0x30, 0, 0xFFFFF, 0xA0FB);
        Descriptor(_hello.Cs & ~7, 0, 0xFFFFF, 0xC0FB);
        Descriptor(_hello.Ds & ~7, 0, 0xFFFFF, 0xC0F3);
        Descriptor(_hello.Gs & ~7, 0, 0xFFFFF, 0xD0F3);
        Descriptor(_hello.Fs & ~7, _hello.Scratch, _hello.ScratchSize - 1, 0x50F3);
        Descriptor(TaskSelector, Kernel + Tss, 0x67, 0x008B);
        Write32(Tss + 4, Kernel + StackTop);
        Write32(Tss + 8, KernelData);
        Write32(Tss + 0x64, 0x68 << 16); // no I/O permission bitmap
        for (int vector = 0; vector < 256; vector++)
        {
            // Interrupt gates; programs may use 3 and 4.
            uint type = vector is 3 or 4 ? 0xEE00u : 0x8E00u;
            Write32(Idt + 8u * (uint)vector, KernelCode << 16 | (Handlers + (uint)vector * HandlerSize));
            Write32(Idt + 8u * (uint)vector + 4, Kernel | type);
        }

        foreach (uint page in (uint[])[_hello.CodeEntry & ~0xFFFu, _hello.Scratch])
        {
            Write32(Directory + (page >> 22) * 4, Tables | PresentWriteUser);
            Write32(Tables + (page >> 12 & 0x3FF) * 4, page | PresentWriteUser);
        }

        Write32(Directory + (Kernel >> 22) * 4, (Tables + 0x1000) | PresentWrite);
        for (uint page = 0; page < 16; page++)
            Write32(Tables + 0x1000 + page * 4, page << 12 | PresentWrite);
    }

    private void EnterUserMode()
    {
        Cpu.Reset();
        Cpu.Set("cr0", 0x8001_0033);
        Cpu.Set("cr3", Directory);
        Cpu.Set("cpl", 3);
        Cpu.Set("gdtr.base", Kernel + Gdt);
        Cpu.Set("gdtr.limit", GdtEntries * 8 - 1);
        Cpu.Set("idtr.base", Kernel + Idt);
        Cpu.Set("idtr.limit", 256 * 8 - 1);
        Segment("cs", _hello.Cs, 0, uint.MaxValue, 0xC0FB);
        Segment("ss", _hello.Ss, 0, uint.MaxValue, 0xC0F3);
        Segment("ds", _hello.Ds, 0, uint.MaxValue, 0xC0F3);
        Segment("es", _hello.Es, 0, uint.MaxValue, 0xC0F3);
        Segment("gs", _hello.Gs, 0, uint.MaxValue, 0xD0F3);
        Segment("fs", _hello.Fs, _hello.Scratch, _hello.ScratchSize - 1, 0x50F3);
        Segment("tr", TaskSelector, Kernel + Tss, 0x67, 0x008B);
        Cpu.Set("eip", _hello.CodeEntry);
        Cpu.StateChanged();
    }

    private void Segment(string name, int selector, uint @base, uint limit, uint attributes)
    {
        Cpu.Set(name + ".sel", (uint)selector);
        Cpu.Set(name + ".base", @base);
        Cpu.Set(name + ".limit", limit);
        Cpu.Set(name + ".attr", attributes);
    }

    private void Descriptor(int selector, uint @base, uint limit, uint attributes)
    {
        Write32(Gdt + (uint)selector, @base << 16 | limit & 0xFFFF);
        Write32(Gdt + (uint)selector + 4, (@base & 0xFF000000) | (@base >> 16 & 0xFF) | attributes << 8 | (limit & 0xF0000));
    }

    private void Write32(uint address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Cpu.WriteMemory(address, bytes);
    }
}
