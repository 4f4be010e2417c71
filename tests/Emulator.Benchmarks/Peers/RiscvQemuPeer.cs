using System.Diagnostics;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>QEMU's virt machine with its translator (TCG).</summary>
internal sealed class RiscvQemuPeer(int xlen) : ProcessPeer
{
    /// <inheritdoc/>
    public override string Name => $"qemu TCG rv{xlen}";

    /// <inheritdoc/>
    protected override string Program => $"qemu-system-riscv{xlen}";

    /// <inheritdoc/>
    protected override ProcessStartInfo Start(string kernel, string folder) => new(Program,
        ["-machine", "virt", "-accel", "tcg", "-m", "128", "-bios", "none", "-kernel", RiscvGuests.PathOf($"{kernel}.rv{xlen}m.elf"), "-display", "none", "-monitor", "none", "-serial", "stdio"]);
}
