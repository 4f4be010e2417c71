using System.CommandLine;
using Emulator.Cli.Boot;
using Emulator.Cli.Parsing;
using Emulator.Hypervisor;
using Emulator.Machines;

namespace Emulator.Cli.Commands;

/// <summary>`emu boot`: a PC or a virt machine with a firmware, a kernel, or the tour.</summary>
internal sealed class BootCommand
{
    private const long LeastMemory = (long)PcBuilder.LeastMemory;
    private const long MostMemory = (long)PcBuilder.MostMemory;
    private const string Blocks = "blocks", Step = "step", Pc = "pc", Virt = "virt", Rv64 = "rv64", Rv32 = "rv32", None = "none", Trap = "trap", Vmx = "vmx";
    private const string Patch = "patch", Trust = "trust", Intercept = "intercept", Tlb = "tlb", Shadow = "shadow";

    private readonly Option<string> machine = Choice("--machine", "The machine: pc (the default, docs/pc.md) or virt (RISC-V, docs/virt.md)", Pc, Virt);
    private readonly Option<string> isa = Choice("--isa", "virt: rv64 (the default) or rv32", Rv64, Rv32);
    private readonly Option<long?> harts = NumberOptions.Count("--harts", "virt: number of harts [default: 1]");
    private readonly Option<string?> disk = Path("--disk", "virt: content of the virtio disk; what the guest writes is not written to the file");

    private readonly Option<string?> bios = Path("--bios", "Firmware to start, for example SeaBIOS or OpenSBI");
    private readonly Option<string?> kernel = Path("--kernel", "Kernel to start without firmware: multiboot or ELF; raw with --at. virt: ELF or raw, what the firmware starts");
    private readonly Option<long?> at = NumberOptions.Address("--at", "The kernel is a raw image: load it at address N and enter it there");
    private readonly Option<string?> vgaRom = Path("--vga-rom", "VGA option ROM for the firmware");
    private readonly Option<string?> append = new("--append") { Description = "Command line for --kernel", HelpName = "TEXT" };

    private readonly Option<string[]> initrd = new("--initrd", "--module")
    {
        Description = "Multiboot module for --kernel, optionally followed by its command line in the same argument; may be repeated. virt: the initial RAM disk",
        HelpName = "FILE [TEXT]",
    };

    private readonly Option<long?> memory = NumberOptions.Size("--memory", "RAM [default: 64M; virt: 128M]");
    private readonly Option<string?> debugConsole = Output("--debugcon", "Where bytes written to ports 0x402 and 0xE9 go [default for the tour: -]; virt: those of the virtio console");
    private readonly Option<string?> serial = Output("--serial", "Where bytes sent by COM1 go; virt: by the 16550 [default: -]");
    private readonly Option<string?> serialInput = new("--serial-input") { Description = "What the serial port receives: a file at once, - standard input as it comes", HelpName = "FILE|-" };
    private readonly Option<long?> maxInstructions = NumberOptions.Count("--max-instructions", "Stop after N instructions with exit code 6");
    private readonly Option<bool> statistics = new("--stats") { Description = "Print instructions, seconds, MIPS and more at the end (on standard error)" };
    private readonly Option<bool> screen = new("--screen") { Description = "Show the text screen live in the terminal, keys go to the guest; print it at the end" };
    private readonly Option<bool> printScreen = new("--print-screen") { Description = "Print the text screen at the end" };
    private readonly Option<string> engine = Choice("--engine", "How to execute: blocks (the default) or step, one instruction at a time, slower and with the same results", Blocks, Step);
    private readonly Option<string> monitor = Choice("--monitor", "What runs the guest: none (the default), the bare machine; trap, a trap-and-emulate monitor; or vmx, one that uses the processor's VMX operation (docs/hypervisor.md)", None, Trap, Vmx);
    private readonly Option<string> critical = Choice("--critical", "With --monitor trap: patch (the default) rewrites critical instructions when code is translated; trust leaves them alone, with what they break; intercept is --monitor vmx", Patch, Trust, Intercept);
    private readonly Option<long?> depth = NumberOptions.Count("--depth", "With --monitor trap: N monitors, each in a virtual machine of the next, 1 to 8 [default: 1]");
    private readonly Option<string> paging = Choice("--paging", "With --monitor trap, machine pc: where the real CPU's translations come from: tlb (the default), a virtual TLB; or shadow, shadow page tables", Tlb, Shadow);
    private readonly Option<bool> wallClock = new("--wall-clock") { Description = "Timers follow the host's clock; by default time is counted in instructions, and every run is the same" };

    public static Command Create(CommandContext context)
    {
        var boot = new BootCommand();
        var command = new Command("boot", "Boot a PC or a virt machine. A PC without --bios and --kernel: the tour, a small kernel that shows what the processor does")
        {
            boot.machine, boot.isa, boot.harts, boot.disk,
            boot.bios, boot.kernel, boot.at, boot.vgaRom, boot.append, boot.initrd, boot.memory, boot.debugConsole, boot.serial, boot.serialInput,
            boot.maxInstructions, boot.statistics, boot.screen, boot.printScreen, boot.engine, boot.monitor, boot.critical, boot.depth, boot.paging, boot.wallClock,
        };
        command.SetAction(parsed =>
        {
            var settings = boot.Settings(parsed);
            return new BootRunner(context, settings).Run(boot.Request(parsed));
        });
        return command;
    }

    private static Option<string?> Path(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    private static Option<string?> Output(string name, string description) => new(name) { Description = description, HelpName = "FILE|-" };

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "NAME", DefaultValueFactory = _ => values[0] };
        return option.AcceptOnlyFromAmong(values);
    }

    private BootSettings Settings(ParseResult parsed)
    {
        var showsScreen = parsed.GetValue(screen);
        var isVirt = parsed.GetValue(machine) == Virt;
        var isTour = !isVirt && parsed.GetValue(bios) is null && parsed.GetValue(kernel) is null;
        var settings = new BootSettings
        {
            DebugConsole = parsed.GetValue(debugConsole),
            Serial = parsed.GetValue(serial) ?? (isVirt ? OutputSink.StandardOutput : null),
            SerialInput = parsed.GetValue(serialInput),
            MaxInstructions = parsed.GetValue(maxInstructions),
            Statistics = parsed.GetValue(statistics),
            LiveScreen = showsScreen,
            PrintScreen = parsed.GetValue(printScreen),
        };

        if (isVirt && (showsScreen || settings.PrintScreen))
        {
            throw Usage("virt has no screen; its console is the serial port.");
        }

        if (showsScreen && OutputSink.StandardOutput is var terminal && (settings.DebugConsole == terminal || settings.Serial == terminal))
        {
            throw Usage("--screen needs the terminal for itself; give --debugcon and --serial a file.");
        }

        // The tour tells the same on all its consoles; show one of them.
        return isTour && settings is { DebugConsole: null, Serial: null, LiveScreen: false, PrintScreen: false }
            ? settings with { DebugConsole = OutputSink.StandardOutput }
            : settings;
    }

    private BootRequest Request(ParseResult parsed)
    {
        // Files are read when all options are known to be right.
        var (policy, tables) = (MonitorOf(parsed), PagingOf(parsed));
        return RequestOf(parsed) with { Monitor = policy, MonitorDepth = (int)(parsed.GetValue(depth) ?? 1), Paging = tables };
    }

    private CriticalPolicy? MonitorOf(ParseResult parsed)
    {
        if (parsed.GetValue(depth) is < 1 or > 8)
        {
            throw Usage("--depth: 1 to 8 monitors.");
        }

        var chosen = parsed.GetValue(monitor);
        var isExplicit = parsed.GetResult(critical) is { Implicit: false };
        if (chosen is Trap or Vmx)
        {
            var policy = chosen == Vmx ? CriticalPolicy.Intercept : PolicyOf(parsed.GetValue(critical));
            if (parsed.GetValue(engine) == Step)
            {
                throw Usage("--engine step is for the bare machine; a monitor runs its guest in blocks.");
            }

            if (chosen == Vmx && isExplicit && parsed.GetValue(critical) != Intercept)
            {
                throw Usage("--monitor vmx intercepts critical instructions; --critical patch and trust go with --monitor trap.");
            }

            if (policy == CriticalPolicy.Intercept && parsed.GetValue(machine) == Virt)
            {
                throw Usage("--monitor vmx is for the PC: VMX is a mode of x86. Use --monitor trap.");
            }

            return policy == CriticalPolicy.Intercept && (parsed.GetValue(depth) > 1 || parsed.GetResult(paging) is { Implicit: false })
                ? throw Usage("--depth and --paging are for --monitor trap with patch or trust.")
                : policy;
        }

        return isExplicit || parsed.GetResult(paging) is { Implicit: false } || parsed.GetValue(depth) is not null
            ? throw Usage("--critical, --depth and --paging say what --monitor trap does; add it.")
            : null;
    }

    private PagingPolicy PagingOf(ParseResult parsed) =>
        parsed.GetValue(paging) != Shadow ? PagingPolicy.Tlb
        : parsed.GetValue(machine) == Virt ? throw Usage("--paging shadow is for the PC; monitors of RISC-V have a virtual TLB (docs/hypervisor.md).")
        : PagingPolicy.Shadow;

    /// <summary>The policy a name of `--critical` stands for.</summary>
    internal static CriticalPolicy PolicyOf(string? name) => name switch { Trust => CriticalPolicy.Trust, Intercept => CriticalPolicy.Intercept, _ => CriticalPolicy.Patch };

    private BootRequest RequestOf(ParseResult parsed)
    {
        if (parsed.GetValue(machine) == Virt)
        {
            return VirtRequest(parsed);
        }

        if (parsed.GetValue(disk) is not null || parsed.GetValue(harts) is not null || parsed.GetResult(isa) is { Implicit: false })
        {
            throw Usage("--isa, --harts and --disk are for --machine virt.");
        }

        var kernelPath = parsed.GetValue(kernel);
        var biosPath = parsed.GetValue(bios);
        var modules = parsed.GetValue(initrd) ?? [];
        if (kernelPath is null && (parsed.GetValue(append) is not null || modules.Length > 0))
        {
            throw Usage("--append and --initrd are for a kernel; add --kernel FILE.");
        }

        if (parsed.GetValue(at) is { } address && (kernelPath is null || modules.Length > 0 || address > uint.MaxValue))
        {
            throw Usage("--at is the address, below 4 GiB, of a raw image given with --kernel; modules are for multiboot kernels.");
        }

        if (kernelPath is not null && biosPath is not null)
        {
            throw Usage("--bios and --kernel exclude each other: a kernel starts without firmware.");
        }

        var bytes = parsed.GetValue(memory) ?? BootRequest.DefaultMemory;
        if (bytes is < LeastMemory or > MostMemory || bytes % (1 << 20) != 0)
        {
            throw Usage("--memory: a PC here has 4M to 3G, in whole megabytes.");
        }

        return new BootRequest
        {
            Bios = ReadOptional(biosPath),
            Kernel = ReadOptional(kernelPath),
            RawAddress = (uint?)parsed.GetValue(at),
            VgaRom = ReadOptional(parsed.GetValue(vgaRom)),
            Append = parsed.GetValue(append) ?? string.Empty,
            Modules = [.. modules.Select(ReadModule)],
            Memory = bytes,
            WallClock = parsed.GetValue(wallClock),
            SingleStep = parsed.GetValue(engine) == Step,
        };
    }

    private BootRequest VirtRequest(ParseResult parsed)
    {
        var modules = parsed.GetValue(initrd) ?? [];
        if (parsed.GetValue(at) is not null || parsed.GetValue(vgaRom) is not null || modules.Length > 1)
        {
            throw Usage("--at and --vga-rom are for --machine pc, and virt has one --initrd.");
        }

        var (biosPath, kernelPath) = (parsed.GetValue(bios), parsed.GetValue(kernel));
        if (biosPath is null && kernelPath is null)
        {
            throw Usage("virt starts from --bios FILE, --kernel FILE, or both.");
        }

        if (kernelPath is null && (parsed.GetValue(append) is not null || modules.Length > 0))
        {
            throw Usage("--append and --initrd are for a kernel; add --kernel FILE.");
        }

        var xlen = parsed.GetValue(isa) == Rv64 ? 64 : 32;
        var most = (long)(xlen == 64 ? VirtBuilder.MostMemory : VirtBuilder.MostMemory32);
        var bytes = parsed.GetValue(memory) ?? BootRequest.DefaultVirtMemory;
        if (bytes < (long)VirtBuilder.LeastMemory || bytes > most || bytes % (1 << 20) != 0)
        {
            throw Usage($"--memory: virt has 8M to {most >> 30}G here, in whole megabytes.");
        }

        if (parsed.GetValue(harts) is < 1 or > VirtBuilder.MostHarts)
        {
            throw Usage($"--harts: virt has 1 to {VirtBuilder.MostHarts}.");
        }

        return new BootRequest
        {
            Machine = MachineKind.Virt,
            Xlen = xlen,
            Harts = (int)(parsed.GetValue(harts) ?? 1),
            Disk = ReadOptional(parsed.GetValue(disk)),
            Bios = ReadOptional(biosPath),
            Kernel = ReadOptional(kernelPath),
            Append = parsed.GetValue(append) ?? string.Empty,
            Modules = [.. modules.Select(module => (InputFile.Read(module), string.Empty))],
            Memory = bytes,
            WallClock = parsed.GetValue(wallClock),
            SingleStep = parsed.GetValue(engine) == Step,
        };
    }

    private static InputFile? ReadOptional(string? path) => path is null ? null : InputFile.Read(path);

    private static (InputFile File, string CommandLine) ReadModule(string text)
    {
        var end = File.Exists(text) ? -1 : text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? (InputFile.Read(text), string.Empty) : (InputFile.Read(text[..end]), text[(end + 1)..].Trim());
    }

    private static UserErrorException Usage(string message) => new(ExitCodes.Usage, message);
}
