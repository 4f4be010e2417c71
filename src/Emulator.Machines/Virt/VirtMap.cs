namespace Emulator.Machines;

/// <summary>Where things are in the machine virt: addresses and interrupt numbers of QEMU's machine of that name.</summary>
public static class VirtMap
{
    /// <summary>First address of RAM.</summary>
    public const ulong Ram = 0x8000_0000;

    /// <summary>The ROM harts start in, and its size.</summary>
    public const ulong Rom = 0x1000, RomSize = 0xF000;

    /// <summary>Test finisher and real-time clock.</summary>
    public const ulong Test = 0x10_0000, Rtc = 0x10_1000;

    /// <summary>Core-local interruptor and platform-level interrupt controller.</summary>
    public const ulong Clint = 0x200_0000, Plic = 0xC00_0000;

    /// <summary>The serial port, and the bytes of its registers.</summary>
    public const ulong Uart = 0x1000_0000, UartSize = 8;

    /// <summary>First virtio slot; the others follow, one page each.</summary>
    public const ulong Virtio = 0x1000_1000;

    /// <summary>Number of virtio slots.</summary>
    public const int VirtioSlots = 8;

    /// <summary>Interrupt sources: of slot n n + 1, of the serial port, of the real-time clock.</summary>
    public const int VirtioIrq = 1, UartIrq = 10, RtcIrq = 11;
}
