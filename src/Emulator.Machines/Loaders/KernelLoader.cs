namespace Emulator.Machines;

/// <summary>Kernels that start without firmware: multiboot if the file has the header, else plain ELF.</summary>
public static class KernelLoader
{
    /// <summary>Loads a kernel by what it is. A plain ELF program starts in the same processor state with EAX and EBX zero.</summary>
    public static Loaded<BootImage> Load(ImageFile kernel, string commandLine, IReadOnlyList<(ImageFile File, string CommandLine)> modules, RamMap ram)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(modules);
        if (MultibootHeader.Find(kernel.Span) is not null)
            return MultibootLoader.Load(kernel, commandLine, modules, ram);
        if (!ElfLoader.IsElf(kernel.Span))
        {
            return new ImageError(kernel.Name, "offset 0", "this is neither a multiboot kernel nor an ELF file",
                "give a kernel with a multiboot header in its first 8192 bytes or a 32-bit ELF executable, or say at which address the raw image is to be loaded");
        }

        if (modules.Count > 0)
            return new ImageError(modules[0].File.Name, "module", "modules can only be given to multiboot kernels", $"add a multiboot header to {kernel.Name}, or leave the modules out");
        if (!ElfLoader.Load(kernel, ram, ElfTarget.I386).TryGet(out ExecutableImage? image, out ImageError? error))
            return error;
        return new BootImage(image.Segments, new CpuEntry((uint)image.Entry, 0, 0));
    }

    /// <summary>Loads a file without a format, to be entered at its first byte in the same processor state.</summary>
    public static Loaded<BootImage> LoadRaw(ImageFile kernel, uint address, RamMap ram)
    {
        if (!RawLoader.Load(kernel, address, ram).TryGet(out LoadSegment? segment, out ImageError? error))
            return error;
        return new BootImage([segment], new CpuEntry(address, 0, 0));
    }
}
