using System.Text;
using Emulator.Machines;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>A PC, bare or under the monitor, with what its guest writes.</summary>
internal sealed class HostedPc : IDisposable
{
    private readonly StringBuilder _written = new();

    /// <param name="describe">Sets the images.</param>
    /// <param name="policy">The monitor's; null for the bare machine.</param>
    public HostedPc(Action<PcBuilder> describe, CriticalPolicy? policy)
    {
        var builder = new PcBuilder { DebugConsole = value => _written.Append((char)value) };
        describe(builder);
        Assert.True(builder.Build().TryGet(out PcMachine? machine, out ImageError? error), error?.ToString());
        Machine = machine!;
        if (policy is { } p)
            Monitor = new TrapAndEmulate<X86Isa>(Machine.Cpu, X86Metadata.Instance, new RingCompression(), p);
    }

    public PcMachine Machine { get; }

    /// <summary>The monitor; null on the bare machine.</summary>
    public TrapAndEmulate<X86Isa>? Monitor { get; }

    /// <summary>The debug console.</summary>
    public string Written => _written.ToString();

    public void Dispose()
    {
        Monitor?.Dispose();
        Machine.Dispose();
    }
}
