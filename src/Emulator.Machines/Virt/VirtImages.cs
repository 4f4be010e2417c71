namespace Emulator.Machines;

/// <summary>Everything that is put into RAM before the first instruction, and again at every reset.</summary>
/// <param name="Segments">What goes where.</param>
/// <param name="Rom">The reset ROM.</param>
internal sealed record VirtImages(IReadOnlyList<LoadSegment> Segments, byte[] Rom)
{
    private const ulong PageSize = 4096, TreeAlignment = 2UL << 20, TreeLimit = 3UL << 30, InitrdMostOffset = 128UL << 20;

    /// <summary>Lays out firmware, kernel, initial RAM disk and device tree as QEMU does.</summary>
    public static Loaded<VirtImages> Load(VirtBuilder builder)
    {
        var ram = new RamMap([new RamRange(VirtMap.Ram, VirtMap.Ram + builder.MemorySize)]);
        ElfTarget target = builder.Xlen == 64 ? ElfTarget.Riscv64 : ElfTarget.Riscv32;
        var segments = new List<(ImageFile File, LoadSegment Segment)>();
        ulong entry = VirtMap.Ram, next = 0, end = VirtMap.Ram;
        if (builder.Bios is { } bios)
        {
            if (!LoadProgram(bios, VirtMap.Ram, ram, target).TryGet(out ExecutableImage? image, out ImageError? problem))
                return problem;
            segments.AddRange(image.Segments.Select(s => (bios, s)));
            entry = image.Entry;
            end = image.Segments.Max(s => s.End);
        }

        if (builder.Kernel is { } kernel)
        {
            // A raw kernel goes to the next large page above the firmware, or starts the machine where there is none.
            ulong large = builder.Xlen == 64 ? 2UL << 20 : 4UL << 20;
            ulong address = builder.Bios is null ? VirtMap.Ram : Align(end, large);
            if (!LoadProgram(kernel, address, ram, target).TryGet(out ExecutableImage? image, out ImageError? problem))
                return problem;
            segments.AddRange(image.Segments.Select(s => (kernel, s)));
            next = image.Entry;
            end = Math.Max(end, image.Segments.Max(s => s.End));
            if (builder.Bios is null)
                entry = image.Entry;
        }

        RamRange? initrd = null;
        if (builder.Initrd is { } disk)
        {
            ulong address = Align(Math.Max(end, VirtMap.Ram + Math.Min(builder.MemorySize / 2, InitrdMostOffset)), PageSize);
            if (!RawLoader.Load(disk, address, ram).TryGet(out LoadSegment? segment, out ImageError? problem))
                return problem;
            segments.Add((disk, segment));
            initrd = new RamRange(segment.Address, segment.End);
        }

        byte[] tree = VirtDeviceTree.Build(builder, initrd);
        ulong treeAddress = (Math.Min(VirtMap.Ram + builder.MemorySize, VirtMap.Ram + TreeLimit) - (ulong)tree.Length) & ~(TreeAlignment - 1);
        segments.Add((new ImageFile("the device tree", tree), new LoadSegment(treeAddress, tree, (ulong)tree.Length)));
        if (FindOverlap(segments) is { } overlap)
            return overlap;
        return new VirtImages([.. segments.Select(s => s.Segment)], VirtResetRom.Build(builder.Xlen, entry, treeAddress, next));
    }

    private static Loaded<ExecutableImage> LoadProgram(ImageFile file, ulong address, RamMap ram, ElfTarget target)
    {
        if (ElfLoader.IsElf(file.Span))
            return ElfLoader.Load(file, ram, target);
        if (file.Length == 0)
            return new ImageError(file.Name, "size", "the file is empty", "give an ELF executable or a raw image");
        if (!RawLoader.Load(file, address, ram).TryGet(out LoadSegment? segment, out ImageError? error))
            return error;
        return new ExecutableImage([segment], address);
    }

    private static ImageError? FindOverlap(List<(ImageFile File, LoadSegment Segment)> segments)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (LoadSegment a, LoadSegment b) = (segments[i].Segment, segments[j].Segment);
                if (a.Address < b.End && b.Address < a.End)
                {
                    return new ImageError(segments[i].File.Name, $"0x{a.Address:x} to 0x{a.End:x}", $"{segments[j].File.Name} is there, at 0x{b.Address:x} to 0x{b.End:x}",
                        "link one of them to other addresses, or give the machine more memory");
                }
            }
        }

        return null;
    }

    private static ulong Align(ulong address, ulong unit) => (address + unit - 1) & ~(unit - 1);
}
