namespace Emulator.Machines;

/// <summary>Kernels of the Multiboot Specification 0.6.96: ELF files, or anything with the header's address fields.</summary>
public static class MultibootLoader
{
    /// <summary>What EAX holds when the kernel starts.</summary>
    public const uint BootMagic = 0x2BADB002;

    private const uint KnownRequirements = 0x7;
    private const ulong PageSize = 4096;

    /// <summary>Lays out kernel, modules and boot information in RAM.</summary>
    /// <param name="kernel">The kernel, with a multiboot header.</param>
    /// <param name="commandLine">Its command line.</param>
    /// <param name="modules">Modules with their command lines.</param>
    /// <param name="ram">The machine's RAM.</param>
    public static Loaded<BootImage> Load(ImageFile kernel, string commandLine, IReadOnlyList<(ImageFile File, string CommandLine)> modules, RamMap ram)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(commandLine);
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(ram);
        if (MultibootHeader.Find(kernel.Span) is not { } header)
        {
            return new ImageError(kernel.Name, "the first 8192 bytes", "there is no multiboot header (magic 1BADB002 with a right checksum)",
                "put the header at a multiple of 4 near the start of the image, or boot the file in another way");
        }

        if ((header.Flags & 0xFFFF & ~KnownRequirements) is not 0 and var unknown)
        {
            return new ImageError(kernel.Name, $"multiboot header at 0x{header.Offset:x}, flags", $"the kernel requires features 0x{unknown:x} of the boot loader, which version 0.6.96 does not define",
                "clear these flags in the header");
        }

        Loaded<ExecutableImage> program = header.HasAddresses ? LoadByAddresses(kernel, header, ram) : ElfLoader.Load(kernel, ram, ElfTarget.I386);
        if (!program.TryGet(out ExecutableImage? image, out ImageError? error))
            return error;

        var segments = new List<LoadSegment>(image.Segments);
        ulong next = Math.Max(segments.Max(s => s.End), RamMap.ExtendedStart);
        var placed = new List<(uint Start, uint End, string CommandLine)>();
        foreach ((ImageFile file, string line) in modules)
        {
            // Page alignment is asked for by flag 0 and harmless otherwise.
            next = (next + PageSize - 1) & ~(PageSize - 1);
            Loaded<LoadSegment> module = RawLoader.Load(file, next, ram);
            if (!module.TryGet(out LoadSegment? segment, out error))
                return error with { Place = $"module at {error.Place}" };
            if (segment.MemorySize > 0)
                segments.Add(segment);
            placed.Add(((uint)segment.Address, (uint)segment.End, line));
            next = segment.End;
        }

        var information = new MultibootInformation(commandLine, placed, ram);
        if (FindRoom(information.Size, segments, next, ram) is not { } address)
            return new ImageError(kernel.Name, "boot information", $"there is no room for its {information.Size} bytes", "give the machine more memory");
        segments.Add(new LoadSegment(address, information.Build((uint)address), (ulong)information.Size));
        return new BootImage(segments, new CpuEntry((uint)image.Entry, BootMagic, (uint)address));
    }

    private static Loaded<ExecutableImage> LoadByAddresses(ImageFile kernel, MultibootHeader header, RamMap ram)
    {
        string place = $"multiboot header at 0x{header.Offset:x}";
        long start = header.Offset - ((long)header.HeaderAddress - header.LoadAddress);
        if (header.LoadAddress > header.HeaderAddress || start < 0)
        {
            return new ImageError(kernel.Name, place, $"load_addr 0x{header.LoadAddress:x} lies outside the file, given that the header is at 0x{header.HeaderAddress:x}",
                "header_addr must be the address at which the header is linked, load_addr that of the first byte to load");
        }

        long available = kernel.Length - start;
        long length = header.LoadEnd == 0 ? available : (long)header.LoadEnd - header.LoadAddress;
        if (length <= 0 || length > available)
        {
            return new ImageError(kernel.Name, place, $"load_end_addr 0x{header.LoadEnd:x} asks for {length} bytes, {available} follow in the file",
                "the file is cut short, or load_end_addr is wrong");
        }

        long memory = header.BssEnd == 0 ? length : (long)header.BssEnd - header.LoadAddress;
        if (memory < length)
            return new ImageError(kernel.Name, place, $"bss_end_addr 0x{header.BssEnd:x} lies before the end of the data loaded", "it must be the end of the memory to be cleared, or 0");
        if (!ram.Contains(header.LoadAddress, (ulong)memory))
        {
            return new ImageError(kernel.Name, place, $"there is no RAM at 0x{header.LoadAddress:x} to 0x{header.LoadAddress + memory:x}",
                "link it to other addresses, or give the machine more memory");
        }

        var segment = new LoadSegment(header.LoadAddress, kernel.Content.Slice((int)start, (int)length), (ulong)memory);
        return new ExecutableImage([segment], header.Entry);
    }

    /// <summary>A place for the boot information: in conventional memory where the kernel leaves room, else behind everything.</summary>
    private static ulong? FindRoom(int size, List<LoadSegment> segments, ulong behind, RamMap ram)
    {
        for (ulong address = 0x9000; address + (ulong)size <= RamMap.ConventionalEnd; address += PageSize)
        {
            if (ram.Contains(address, (ulong)size) && !segments.Exists(s => new RamRange(s.Address, s.End).Overlaps(address, (ulong)size)))
                return address;
        }

        ulong after = (behind + PageSize - 1) & ~(PageSize - 1);
        return ram.Contains(after, (ulong)size) ? after : null;
    }
}
