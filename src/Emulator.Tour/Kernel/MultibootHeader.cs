using Emulator.Tour.Assembly;

namespace Emulator.Tour.Kernel;

/// <summary>The header by which a loader knows the image (Multiboot Specification 0.6.96, section 3.1).</summary>
internal static class MultibootHeader
{
    private const uint Magic = 0x1BADB002;

    /// <summary>Bit 16: the addresses are in the header, so that a flat image needs no ELF around it.</summary>
    private const uint AddressesGiven = 1 << 16;

    /// <summary>Emits the header; it must come first.</summary>
    public static void Emit(AssemblyUnit k)
    {
        k.Define("multiboot_header");
        k.Code.dd(
            Magic,
            AddressesGiven,
            unchecked(0 - Magic - AddressesGiven),
            k.AddressOf("multiboot_header"));
        k.Code.dd(
            Layout.Image,
            0,                  // load to the end of the file
            Layout.FreeFrames,  // clear up to here
            k.AddressOf(KernelMain.Entry));
    }
}
