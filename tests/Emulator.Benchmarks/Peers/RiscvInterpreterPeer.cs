using Emulator.Machines;
using Emulator.Testing;

namespace Emulator.Benchmarks;

/// <summary>Our interpreter on the virt machine, in this process.</summary>
internal sealed class RiscvInterpreterPeer(int xlen) : IPeer
{
    private const long Budget = 100_000_000_000;

    /// <inheritdoc/>
    public string Name => $"Emulator rv{xlen}";

    /// <inheritdoc/>
    public string? Missing => RiscvGuests.Folder is null ? RiscvGuests.Reason : null;

    /// <inheritdoc/>
    public KernelRun Run(string kernel)
    {
        string file = RiscvGuests.PathOf($"{kernel}.rv{xlen}m.elf");
        KernelClock? clock = null;
        var builder = new VirtBuilder { Xlen = xlen, Kernel = new ImageFile(file, File.ReadAllBytes(file)), Serial = value => clock!.Put((char)value) };
        if (!builder.Build().TryGet(out VirtMachine? machine, out ImageError? error))
            throw new InvalidOperationException($"{error}");
        using (machine)
        {
            clock = new KernelClock(() => machine.Instructions);
            VirtRun run = machine.Run(Budget);
            return clock.Result ?? throw new InvalidOperationException($"{kernel} did not get to its end: {run.End}.");
        }
    }
}
