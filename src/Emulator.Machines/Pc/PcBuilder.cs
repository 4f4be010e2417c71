using System.Buffers.Binary;

namespace Emulator.Machines;

/// <summary>Describes a PC and builds it: set what matters, then call <see cref="Build"/>.</summary>
public sealed class PcBuilder
{
    /// <summary>Least and most RAM, in bytes: the addresses from 3 GB up belong to PCI devices and firmware.</summary>
    public const ulong LeastMemory = 4UL << 20, MostMemory = 3UL << 30;

    /// <summary>First port of the isa-debug-exit device.</summary>
    public const ushort ExitPort = 0x501;

    private readonly List<(ImageFile File, string CommandLine)> _modules = [];
    private readonly List<(string Name, ImageFile File)> _firmwareFiles = [];

    /// <summary>RAM in bytes, a multiple of 1 MB; 64 MB unless set.</summary>
    public ulong MemorySize { get; set; } = 64UL << 20;

    /// <summary>The firmware ROM (a multiple of 64 KB, at most 16 MB): it ends at 4 GB, and its last 128 KB also at 1 MB.</summary>
    public ImageFile? Firmware { get; set; }

    /// <summary>A VGA option ROM the firmware finds as <c>vgaroms/vgabios.bin</c>.</summary>
    public ImageFile? VgaRom { get; set; }

    /// <summary>A kernel that starts without firmware: multiboot, ELF, or raw when <see cref="RawAddress"/> is set.</summary>
    public ImageFile? Kernel { get; set; }

    /// <summary>Where a raw kernel is loaded and entered; null for kernels that say so themselves.</summary>
    public uint? RawAddress { get; set; }

    /// <summary>Command line of a multiboot kernel.</summary>
    public string CommandLine { get; set; } = string.Empty;

    /// <summary>Takes bytes written to the debug consoles (ports 402 and E9).</summary>
    public Action<byte>? DebugConsole { get; set; }

    /// <summary>Takes bytes sent by COM1.</summary>
    public Action<byte>? Serial { get; set; }

    /// <summary>True takes time from the host's clock; false (the default) counts instructions, and every run is the same.</summary>
    public bool WallClock { get; set; }

    /// <summary>What the real-time clock shows at power-on.</summary>
    public DateTime StartTime { get; set; } = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Up to three boot devices in order: 'a' floppy, 'c' disk, 'd' CD-ROM, 'n' network.</summary>
    public string BootOrder { get; set; } = "cad";

    /// <summary>Executes one instruction at a time instead of blocks: slower, with the same results.</summary>
    public bool SingleStep { get; set; }

    /// <summary>Adds a multiboot module with its command line.</summary>
    public PcBuilder AddModule(ImageFile file, string commandLine)
    {
        _modules.Add((file, commandLine));
        return this;
    }

    /// <summary>Adds a file the firmware finds by name, for example <c>etc/boot-fail-wait</c>.</summary>
    public PcBuilder AddFirmwareFile(string name, ImageFile file)
    {
        _firmwareFiles.Add((name, file));
        return this;
    }

    /// <summary>Builds the machine, ready to run from its reset vector or its kernel's entry; or says which image cannot be used.</summary>
    public Loaded<PcMachine> Build()
    {
        if (MemorySize is < LeastMemory or > MostMemory || MemorySize % (1 << 20) != 0)
        {
            return new ImageError("machine", "memory", $"{MemorySize} bytes are not possible",
                $"give {LeastMemory >> 20} MB to {MostMemory >> 20} MB, in whole megabytes");
        }

        if ((Firmware is null) == (Kernel is null))
            return new ImageError("machine", "images", "it needs either a firmware or a kernel to start from", "give exactly one of them");
        if ((Firmware is { } rom ? FirmwareRom.Check(rom) : null) is { } problem)
            return problem;
        if (VgaRom is { } vga && FirmwareRom.CheckOptionRom(vga) is { } vgaProblem)
            return vgaProblem;

        var ram = new RamMap([new RamRange(0, RamMap.ConventionalEnd), new RamRange(RamMap.ExtendedStart, MemorySize)]);
        BootImage? boot = null;
        if (Kernel is { } kernel && !LoadKernel(kernel, ram).TryGet(out boot, out ImageError? error))
            return error;

        var machine = new PcMachine(this);
        foreach ((string name, ReadOnlyMemory<byte> content) in FirmwareFiles())
        {
            if (machine.FirmwareConfiguration.AddFile(name, content.Span))
                continue;
            machine.Dispose();
            return new ImageError(name, "name", "a firmware file's name has at most 55 ASCII characters", "choose a shorter one");
        }

        if (boot is not null)
            machine.Start(boot);
        return machine;
    }

    private Loaded<BootImage> LoadKernel(ImageFile kernel, RamMap ram) => RawAddress is { } address
        ? KernelLoader.LoadRaw(kernel, address, ram)
        : KernelLoader.Load(kernel, CommandLine, _modules, ram);

    private IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> FirmwareFiles()
    {
        yield return ("etc/e820", E820());
        if (VgaRom is { } rom)
            yield return ("vgaroms/vgabios.bin", rom.Content);
        foreach ((string name, ImageFile file) in _firmwareFiles)
            yield return (name, file.Content);
    }

    /// <summary>The RAM as QEMU tells it: address, length and type 1 in 20 bytes.</summary>
    private byte[] E820()
    {
        var entry = new byte[20];
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), MemorySize);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(16), 1);
        return entry;
    }
}
