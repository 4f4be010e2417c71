using System.Text;
using Emulator.Machines;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>A machine, bare or under the monitor, with what its guest writes.</summary>
internal sealed class Hosted : IDisposable
{
    private readonly StringBuilder _written = new();
    private readonly IDisposable _machine;
    private readonly Monitors? _monitors;
    private readonly Func<long, object> _run;
    private readonly Func<long> _instructions;
    private readonly Func<string> _hash;

    /// <summary>A PC.</summary>
    /// <param name="describe">Sets the images.</param>
    /// <param name="policy">The monitor's; null for the bare machine.</param>
    /// <param name="depth">Monitors in one another.</param>
    /// <param name="paging">Where the real CPU's translations come from.</param>
    public Hosted(Action<PcBuilder> describe, CriticalPolicy? policy, int depth = 1, PagingPolicy paging = PagingPolicy.Tlb)
    {
        var builder = new PcBuilder { DebugConsole = value => _written.Append((char)value) };
        describe(builder);
        Assert.True(builder.Build().TryGet(out PcMachine? machine, out ImageError? error), error?.ToString());
        _monitors = policy is { } p ? new Monitors(p, depth, paging) : null;
        if (_monitors is not null)
            machine!.Attach(_monitors);
        (_machine, Pc) = (machine!, machine);
        (_run, _instructions, _hash) = (n => machine!.Run(n), () => machine!.Instructions, machine!.HashState);
    }

    /// <summary>A virt machine.</summary>
    public Hosted(Action<VirtBuilder> describe, CriticalPolicy? policy, int depth = 1)
    {
        var builder = new VirtBuilder { Serial = value => _written.Append((char)value) };
        describe(builder);
        Assert.True(builder.Build().TryGet(out VirtMachine? machine, out ImageError? error), error?.ToString());
        _monitors = policy is { } p ? new Monitors(p, depth) : null;
        if (_monitors is not null)
            machine!.Attach(_monitors);
        (_machine, Virt) = (machine!, machine);
        (_run, _instructions, _hash) = (n => machine!.Run(n), () => machine!.Instructions, machine!.HashState);
    }

    /// <summary>The machine if it is a PC.</summary>
    public PcMachine? Pc { get; }

    /// <summary>The machine if it is a virt.</summary>
    public VirtMachine? Virt { get; }

    /// <summary>What is wrong with the shadow page tables; null for nothing, or without any.</summary>
    public string? ShadowProblem => (_monitors?.All[0] as TrapAndEmulate<X86Isa>)?.Shadows is X86Shadows<X86Isa> shadows ? shadows.Tables.Problem() : null;

    /// <summary>The monitors' counters.</summary>
    public IEnumerable<MonitorStatistics> Statistics => _monitors?.All.Select(m => m.Statistics) ?? [];

    /// <summary>The console.</summary>
    public string Written => _written.ToString();

    public long Instructions => _instructions();

    public object Run(long instructions) => _run(instructions);

    public string HashState() => _hash();

    public void Dispose()
    {
        _monitors?.Dispose();
        _machine.Dispose();
    }
}
