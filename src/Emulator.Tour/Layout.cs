namespace Emulator.Tour;

/// <summary>Where everything lies: physical addresses of the kernel, virtual addresses of a process.</summary>
internal static class Layout
{
    public const uint PageSize = 0x1000;

    // Physical memory; the kernel maps its first 4 MiB one to one, for ring 0 only.
    public const uint VgaText = 0xB8000;
    public const uint Image = 0x100000;
    public const uint Data = 0x106000;
    public const uint Variables = 0x120000;
    public const uint ClockFrame = 0x121000;
    public const uint SharedFrame = 0x122000;
    public const uint KernelPageTable = 0x124000;
    public const uint KernelDirectory = 0x125000;
    public const uint KernelStackSize = 0x2000;
    public const uint FirstKernelStackTop = 0x12A000;
    public const uint FreeFrames = 0x130000;
    public const uint KernelSpaceEnd = 0x400000;

    // Virtual memory of a process, above the kernel's 4 MiB.
    public const uint UserCode = 0x400000;
    public const uint UserText = 0x400400;
    public const uint UserPrivate = 0x402000;
    public const uint UserStackTop = 0x404000;
    public const uint UserClock = 0x500000;
    public const uint UserShared = 0x501000;
    public const uint UserHeap = 0x600000;
    public const uint UserHeapEnd = 0x610000;
    public const uint UserSecret = 0x700000;
    public const uint UserEnd = 0x800000;
}
