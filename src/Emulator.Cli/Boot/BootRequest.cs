using Emulator.Hypervisor;

namespace Emulator.Cli.Boot;

/// <summary>What to boot, and on what.</summary>
internal sealed record BootRequest
{
    public const long DefaultMemory = 64L << 20, DefaultVirtMemory = 128L << 20;

    /// <summary>The machine: a PC, or the RISC-V machine virt.</summary>
    public MachineKind Machine { get; init; }

    /// <summary>Width of virt's harts: 64 or 32.</summary>
    public int Xlen { get; init; } = 64;

    /// <summary>Number of virt's harts.</summary>
    public int Harts { get; init; } = 1;

    /// <summary>Content of virt's disk; null for none.</summary>
    public InputFile? Disk { get; init; }

    /// <summary>The firmware; null for none.</summary>
    public InputFile? Bios { get; init; }

    /// <summary>The kernel, multiboot or ELF; null for none. The tour when neither this nor <see cref="Bios"/> was given.</summary>
    public InputFile? Kernel { get; init; }

    /// <summary>The VGA option ROM; null for none.</summary>
    public InputFile? VgaRom { get; init; }

    /// <summary>Where <see cref="Kernel"/> is loaded and entered when it is a raw image; null when it says so itself.</summary>
    public uint? RawAddress { get; init; }

    /// <summary>Command line of the kernel.</summary>
    public string Append { get; init; } = string.Empty;

    /// <summary>Multiboot modules with their command lines; for virt at most one, the initial RAM disk.</summary>
    public IReadOnlyList<(InputFile File, string CommandLine)> Modules { get; init; } = [];

    /// <summary>RAM in bytes.</summary>
    public long Memory { get; init; } = DefaultMemory;

    /// <summary>The monitor under the processors; null for the bare machine.</summary>
    public CriticalPolicy? Monitor { get; init; }

    /// <summary>Where the translations of a monitor's real CPU come from.</summary>
    public PagingPolicy Paging { get; init; }

    /// <summary>How many monitors lie under each processor, each in a virtual machine of the next.</summary>
    public int MonitorDepth { get; init; } = 1;

    /// <summary>Time from the host's clock instead of from the instruction count.</summary>
    public bool WallClock { get; init; }

    /// <summary>One instruction at a time instead of blocks.</summary>
    public bool SingleStep { get; init; }
}
