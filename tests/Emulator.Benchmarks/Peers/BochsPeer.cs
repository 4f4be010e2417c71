using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>Bochs as Debian packages it, without a window: the rfb display library with nobody connected. It boots the kernel's disk image.</summary>
/// <remarks>Debian builds it with the debugger; the command file tells that to continue. Port E9h goes to standard output.</remarks>
internal sealed class BochsPeer : ProcessPeer
{
    /// <inheritdoc/>
    public override string Name => "Bochs";

    /// <inheritdoc/>
    protected override string Program => "bochs";

    /// <inheritdoc/>
    protected override ProcessStartInfo Start(string kernel, string folder)
    {
        string configuration = Path.Combine(folder, "bochsrc"), commands = Path.Combine(folder, "commands");
        File.WriteAllText(commands, "c\n");
        File.WriteAllText(configuration, $"""
            plugin_ctrl: unmapped=1, iodebug=1
            megs: 64
            romimage: file=/usr/share/bochs/BIOS-bochs-latest
            vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
            cpu: model=p3_katmai, count=1, ips=100000000, reset_on_triple_fault=0
            clock: sync=none
            ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
            ata0-master: type=disk, path={GuestPrograms.PathOf(kernel + ".img")}, mode=volatile, cylinders=20, heads=16, spt=63
            boot: disk
            port_e9_hack: enabled=1
            log: {Path.Combine(folder, "log")}
            panic: action=fatal
            error: action=ignore
            info: action=ignore
            debug: action=ignore
            display_library: rfb, options="timeout=0"

            """);
        return new ProcessStartInfo(Program, ["-q", "-f", configuration, "-rc", commands]);
    }
}
