namespace Emulator.Tour.Kernel;

/// <summary>Segment selectors of the kernel's GDT; the low two bits are the requested privilege level.</summary>
internal static class Selectors
{
    public const ushort KernelCode = 0x08;
    public const ushort KernelData = 0x10;
    public const ushort UserCode = 0x18 | 3;
    public const ushort UserData = 0x20 | 3;
    public const ushort Tss = 0x28;
}
