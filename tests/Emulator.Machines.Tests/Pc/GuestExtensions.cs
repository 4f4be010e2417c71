using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Machines.Tests.Pc;

/// <summary>What small guests do often.</summary>
internal static class GuestExtensions
{
    /// <summary>Writes a byte to a port; AL and DX change.</summary>
    public static void OutByte(this Assembler c, ushort port, byte value)
    {
        c.mov(dx, port);
        c.mov(al, value);
        c.@out(dx, al);
    }

    /// <summary>Ends the machine with AL as the value; the exit code is twice that plus 1.</summary>
    public static void ExitWithAl(this Assembler c)
    {
        c.mov(dx, PcBuilder.ExitPort);
        c.@out(dx, al);
        c.hlt();
    }

    /// <summary>A label here.</summary>
    public static Label Here(this Assembler c)
    {
        Label label = c.CreateLabel();
        c.Label(ref label);
        return label;
    }

    /// <summary>Loads an interrupt descriptor table at 300000 with one more gate, a GDT at 301000 for the segments of the entry, and a stack.</summary>
    public static void Interrupts(this Assembler c, int vector, uint handler = Guest.Handler)
    {
        const int Gdt = 0x301000, Idt = 0x300000, Pointer = 0x302000;
        c.mov(__dword_ptr[Gdt + 8], 0x0000FFFF);
        c.mov(__dword_ptr[Gdt + 12], 0x00CF9B00);
        c.mov(__dword_ptr[Gdt + 16], 0x0000FFFF);
        c.mov(__dword_ptr[Gdt + 20], 0x00CF9300);
        c.mov(__word_ptr[Pointer], 23);
        c.mov(__dword_ptr[Pointer + 2], Gdt);
        c.lgdt(__fword_ptr[Pointer]);
        c.mov(__dword_ptr[Idt + (8 * vector)], 0x00080000 | (handler & 0xFFFF));
        c.mov(__dword_ptr[Idt + (8 * vector) + 4], (handler & 0xFFFF0000) | 0x8E00);
        c.mov(__word_ptr[Pointer], 0x7FF);
        c.mov(__dword_ptr[Pointer + 2], Idt);
        c.lidt(__fword_ptr[Pointer]);
        c.mov(esp, 0x380000);
    }
}
