namespace Emulator.Machines;

/// <summary>Describes a virt machine and builds it: set what matters, then call <see cref="Build"/>.</summary>
public sealed class VirtBuilder
{
    /// <summary>Least and most RAM, in bytes.</summary>
    public const ulong LeastMemory = 8UL << 20, MostMemory = 16UL << 30;

    /// <summary>Most RAM in bytes where physical addresses have 34 bits but pointers 32.</summary>
    public const ulong MostMemory32 = 2UL << 30;

    /// <summary>Most harts.</summary>
    public const int MostHarts = 8;

    /// <summary>Width of the harts: 32 or 64.</summary>
    public int Xlen { get; set; } = 64;

    /// <summary>Number of harts, 1 to 8.</summary>
    public int Harts { get; set; } = 1;

    /// <summary>RAM in bytes, a multiple of 1 MB; 128 MB unless set.</summary>
    public ulong MemorySize { get; set; } = 128UL << 20;

    /// <summary>Firmware, ELF or raw (then loaded at 80000000), entered in machine mode.</summary>
    public ImageFile? Bios { get; set; }

    /// <summary>A kernel, ELF or raw, which the firmware enters in supervisor mode; without a firmware it is entered in machine mode.</summary>
    public ImageFile? Kernel { get; set; }

    /// <summary>Initial RAM disk of the kernel.</summary>
    public ImageFile? Initrd { get; set; }

    /// <summary>Content of the virtio disk; no disk without it. The file is not written.</summary>
    public ImageFile? Disk { get; set; }

    /// <summary>Command line of the kernel.</summary>
    public string CommandLine { get; set; } = string.Empty;

    /// <summary>Takes bytes sent by the serial port.</summary>
    public Action<byte>? Serial { get; set; }

    /// <summary>Takes bytes written to the virtio console.</summary>
    public Action<byte>? Console { get; set; }

    /// <summary>True takes time from the host's clock; false (the default) counts instructions, and every run is the same.</summary>
    public bool WallClock { get; set; }

    /// <summary>What the real-time clock shows at power-on.</summary>
    public DateTime StartTime { get; set; } = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Executes one instruction at a time instead of blocks: slower, with the same results.</summary>
    public bool SingleStep { get; set; }

    /// <summary>Builds the machine, ready to run from its reset ROM; or says which image cannot be used.</summary>
    public Loaded<VirtMachine> Build()
    {
        if (Xlen is not (32 or 64))
            return new ImageError("machine", "width", $"there are no harts of {Xlen} bits", "choose 32 or 64");
        if (Harts is < 1 or > MostHarts)
            return new ImageError("machine", "harts", $"{Harts} harts are not possible", $"give 1 to {MostHarts}");
        ulong most = Xlen == 64 ? MostMemory : MostMemory32;
        if (MemorySize < LeastMemory || MemorySize > most || MemorySize % (1 << 20) != 0)
        {
            return new ImageError("machine", "memory", $"{MemorySize} bytes are not possible",
                $"give {LeastMemory >> 20} MB to {most >> 20} MB, in whole megabytes");
        }

        if (Bios is null && Kernel is null)
            return new ImageError("machine", "images", "it needs a firmware or a kernel to start from", "give at least one of them");
        if (!VirtImages.Load(this).TryGet(out VirtImages? images, out ImageError? error))
            return error;
        return new VirtMachine(this, images);
    }
}
