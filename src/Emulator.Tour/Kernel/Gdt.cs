using Emulator.Tour.Assembly;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The global descriptor table: flat segments for both rings, and the task-state segment.</summary>
internal static class Gdt
{
    private const int TssSize = 104;
    private const byte Present = 0x80;
    private const byte Ring3 = 0x60;
    private const byte CodeSegment = 0x1A;
    private const byte DataSegment = 0x12;
    private const byte AvailableTss = 0x09;

    /// <summary>Emits `load_gdt`: loads the GDT, all segment registers and the task register.</summary>
    public static void Emit(AssemblyUnit k)
    {
        const uint wholeMemory = 0xFFFFF;
        var table = k.Data.AddWords([
            .. Descriptor(0, 0, 0, 0),
            .. Descriptor(0, wholeMemory, Present | CodeSegment, 0xC),
            .. Descriptor(0, wholeMemory, Present | DataSegment, 0xC),
            .. Descriptor(0, wholeMemory, Present | Ring3 | CodeSegment, 0xC),
            .. Descriptor(0, wholeMemory, Present | Ring3 | DataSegment, 0xC),
            .. Descriptor(Variables.Tss, TssSize - 1, Present | AvailableTss, 0)]);
        var pointer = k.Data.Add(TablePointer(table, 6 * 8), 4);

        var c = k.Code;
        k.Define("load_gdt");
        c.lgdt(__[pointer]);
        c.AddInstruction(Instruction.CreateBranch(Code.Jmp_ptr1632, Selectors.KernelCode, k.AddressOf("load_gdt.flat")));

        k.Define("load_gdt.flat");
        c.mov(eax, Selectors.KernelData);
        c.mov(ds, eax);
        c.mov(es, eax);
        c.mov(fs, eax);
        c.mov(gs, eax);
        c.mov(ss, eax);
        // The stack to switch to on the way from ring 3 to ring 0; ESP0 is set at every process switch.
        c.mov(__dword_ptr[Variables.Tss + 8], Selectors.KernelData);
        // The I/O permission bitmap starts behind the segment's end: ring 3 may use no port.
        c.mov(__word_ptr[Variables.Tss + 102], TssSize);
        c.mov(eax, Selectors.Tss);
        c.ltr(ax);
        c.ret();
    }

    /// <summary>The six bytes LGDT and LIDT read: limit and base.</summary>
    public static byte[] TablePointer(uint address, int size) =>
        [.. BitConverter.GetBytes((ushort)(size - 1)), .. BitConverter.GetBytes(address)];

    /// <summary>A segment descriptor as two words (Intel SDM volume 3, figure 3-8).</summary>
    private static uint[] Descriptor(uint start, uint limit, byte access, byte flags) =>
    [
        (limit & 0xFFFF) | (start << 16),
        ((start >> 16) & 0xFF) | ((uint)access << 8) | (limit & 0xF0000) | ((uint)flags << 20) | (start & 0xFF000000),
    ];
}
