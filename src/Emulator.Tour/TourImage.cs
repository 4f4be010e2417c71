using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;

namespace Emulator.Tour;

/// <summary>The tour: a small protected-mode kernel, assembled at run time into a flat image with a multiboot header.</summary>
/// <remarks>
/// The image is loaded at <see cref="LoadAddress"/> and entered at <see cref="EntryPoint"/> as the Multiboot Specification 0.6.96, section 3.2,
/// says: 32-bit protected mode, flat segments, paging and interrupts off, A20 on, EAX = <see cref="BootMagic"/>. It needs
/// <see cref="MemoryRequired"/> bytes of RAM, and shows its text on the VGA text screen, on debug port 0xE9 and on COM1.
/// </remarks>
public sealed class TourImage
{
    private TourImage(byte[] bytes, uint entryPoint)
    {
        Bytes = bytes;
        EntryPoint = entryPoint;
    }

    /// <summary>Physical address of the first byte of the image: 1 MiB.</summary>
    public const uint LoadAddress = Layout.Image;

    /// <summary>What EAX holds on entry (Multiboot Specification 0.6.96, section 3.2).</summary>
    public const uint BootMagic = 0x2BADB002;

    /// <summary>RAM the kernel uses, in bytes from address 0.</summary>
    public const uint MemoryRequired = Layout.KernelSpaceEnd;

    /// <summary>I/O port of the isa-debug-exit device the tour ends with: it writes 0 when every check passed, else 1.</summary>
    public const ushort ExitPort = Ports.DebugExit;

    /// <summary>The image: multiboot header, code, tables, text and the user programs.</summary>
    public byte[] Bytes { get; }

    /// <summary>Physical address of the first instruction.</summary>
    public uint EntryPoint { get; }

    /// <summary>First address after the memory that a loader must clear: the image is followed by zeroes up to here.</summary>
    public uint ZeroEnd => Layout.FreeFrames;

    /// <summary>Assembles the kernel. The same bytes every time.</summary>
    public static TourImage Build()
    {
        var unit = AssemblyUnit.Build(Layout.Image, Layout.Data, KernelMain.Emit);
        if (unit.End > Layout.Variables)
        {
            throw new InvalidOperationException($"The tour's image ends at {unit.End:x}, beyond its place.");
        }

        return new TourImage(unit.ToArray(), unit.AddressOf(KernelMain.Entry));
    }
}
