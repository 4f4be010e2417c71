using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>QEMU's system emulation with its translator (TCG).</summary>
internal sealed class QemuPeer : ProcessPeer
{
    /// <inheritdoc/>
    public override string Name => "qemu TCG";

    /// <inheritdoc/>
    protected override string Program => "qemu-system-i386";

    /// <inheritdoc/>
    protected override ProcessStartInfo Start(string kernel, string folder) => new(Program,
        ["-accel", "tcg", "-m", "64", "-display", "none", "-no-reboot", "-kernel", GuestPrograms.PathOf(kernel + ".elf"),
         "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0x501,iosize=2"]);
}
