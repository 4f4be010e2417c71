using Emulator.Testing;
using Emulator.Testing.X86;

namespace Emulator.Benchmarks;

/// <summary>Our interpreter, in this process.</summary>
internal sealed class InterpreterPeer : IPeer
{
    private const long Budget = 100_000_000_000;

    /// <inheritdoc/>
    public string Name => "Emulator";

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public KernelRun Run(string kernel)
    {
        using var machine = new GuestMachine(GuestPrograms.PathOf(kernel + ".elf"));
        var clock = new KernelClock(() => machine.Instructions);
        machine.Written += c => clock.Put(c);
        string end = machine.Run(Budget);
        return clock.Result ?? throw new InvalidOperationException($"{kernel} did not get to its end: {end}.");
    }
}
