using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Machines.Tests.Reference;

/// <summary>A kernel that performs port accesses one after the other and prints what it reads to port E9, for any emulator to run.</summary>
internal sealed class PortProbe
{
    // Even megabytes: they stay where they are while A20 is off.
    private const uint LoadAddress = 0x200000, Stack = 0x280000;
    private const int HeaderSize = 32;

    private readonly Assembler _code = new(32);
    private Label _print;

    public PortProbe()
    {
        _print = _code.CreateLabel("print");
        _code.cli();
        _code.mov(esp, Stack);
    }

    /// <summary>Writes bytes to one port.</summary>
    public PortProbe Out(ushort port, params ReadOnlySpan<byte> values)
    {
        foreach (byte value in values)
        {
            _code.mov(edx, port);
            _code.mov(al, value);
            _code.@out(dx, al);
        }

        return this;
    }

    /// <summary>Writes 32 bits to a port.</summary>
    public PortProbe Out32(ushort port, uint value)
    {
        _code.mov(edx, port);
        _code.mov(eax, value);
        _code.@out(dx, eax);
        return this;
    }

    /// <summary>Reads a byte and prints the bits of a mask, after a label.</summary>
    public PortProbe In(string label, ushort port, byte mask = 0xFF)
    {
        _code.mov(edx, port);
        _code.@in(al, dx);
        _code.and(eax, (uint)mask);
        return Print(label);
    }

    /// <summary>Reads a byte and forgets it.</summary>
    public PortProbe Discard(ushort port)
    {
        _code.mov(edx, port);
        _code.@in(al, dx);
        return this;
    }

    /// <summary>Reads 32 bits and prints them.</summary>
    public PortProbe In32(string label, ushort port)
    {
        _code.mov(edx, port);
        _code.@in(eax, dx);
        return Print(label);
    }

    /// <summary>Selects a PCI register and prints it.</summary>
    public PortProbe Pci(string label, int device, int function, int register) =>
        Out32(0xCF8, 0x8000_0000u | (uint)((device << 11) | (function << 8) | register)).In32(label, 0xCFC);

    /// <summary>Waits until a byte of the status of the keyboard controller is there.</summary>
    public PortProbe AwaitKeyboard()
    {
        Label again = _code.CreateLabel();
        _code.Label(ref again);
        _code.@in(al, 0x64);
        _code.test(al, 1);
        _code.jz(again);
        return this;
    }

    /// <summary>Waits until bits of a port have a value.</summary>
    public PortProbe Await(ushort port, byte mask, byte value)
    {
        Label again = _code.CreateLabel();
        _code.mov(edx, port);
        _code.Label(ref again);
        _code.@in(al, dx);
        _code.and(al, mask);
        _code.cmp(al, value);
        _code.jne(again);
        return this;
    }

    /// <summary>Reads a byte of memory and prints it.</summary>
    public PortProbe Memory(string label, uint address)
    {
        _code.movzx(eax, __byte_ptr[address]);
        return Print(label);
    }

    /// <summary>Writes a byte of memory.</summary>
    public PortProbe Poke(uint address, byte value)
    {
        _code.mov(__byte_ptr[address], value);
        return this;
    }

    /// <summary>The kernel, with its multiboot header.</summary>
    public byte[] Build()
    {
        _code.mov(edx, PcBuilder.ExitPort);
        _code.xor(eax, eax);
        _code.@out(dx, eax);
        Label stop = _code.CreateLabel();
        _code.Label(ref stop);
        _code.hlt();
        _code.jmp(stop);

        // EAX as eight digits, and a line feed.
        _code.Label(ref _print);
        _code.mov(ecx, 8);
        Label digit = _code.CreateLabel(), isDigit = _code.CreateLabel();
        _code.Label(ref digit);
        _code.rol(eax, 4);
        _code.mov(ebx, eax);
        _code.and(bl, 15);
        _code.add(bl, (byte)'0');
        _code.cmp(bl, (byte)'9');
        _code.jbe(isDigit);
        _code.add(bl, 'A' - '9' - 1);
        _code.Label(ref isDigit);
        _code.xchg(al, bl);
        _code.@out(0xE9, al);
        _code.xchg(al, bl);
        _code.dec(ecx);
        _code.jnz(digit);
        _code.mov(al, 10);
        _code.@out(0xE9, al);
        _code.ret();

        using var stream = new MemoryStream();
        _code.Assemble(new StreamCodeWriter(stream), LoadAddress + HeaderSize);
        return Loaders.ElfBytes.Multiboot(LoadAddress, 0, stream.ToArray());
    }

    private PortProbe Print(string label)
    {
        foreach (byte character in Encoding.ASCII.GetBytes(label + " "))
        {
            _code.mov(bl, character);
            _code.xchg(al, bl);
            _code.@out(0xE9, al);
            _code.xchg(al, bl);
        }

        _code.call(_print);
        return this;
    }
}
