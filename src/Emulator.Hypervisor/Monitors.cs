using Emulator.Machines;
using Emulator.RiscV;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Puts trap-and-emulate monitors under the processors of a machine; to be disposed before the machine.</summary>
/// <param name="policy">What they do about critical instructions.</param>
/// <param name="depth">How many monitors lie under each processor, each in a virtual machine of the next (Theorem 2); at least 1.</param>
/// <param name="paging">Where the real CPU's translations come from; shadow tables are kept by the monitor next to the guest, and those below it have virtual TLBs.</param>
public sealed class Monitors(CriticalPolicy policy, int depth = 1, PagingPolicy paging = PagingPolicy.Tlb) : IMonitorFactory, IDisposable
{
    private readonly List<IMonitor> _monitors = [];

    /// <summary>The monitors made so far, in order of their processors; of each processor the one next to the guest first.</summary>
    public IReadOnlyList<IMonitor> All => _monitors;

    /// <summary>The hosting of an instruction set.</summary>
    /// <exception cref="NotSupportedException">None is known for it.</exception>
    public static IHosting HostingOf<TIsa>()
        where TIsa : struct, IIsa =>
        typeof(TIsa) == typeof(X86Isa) ? new RingCompression()
        : typeof(TIsa) == typeof(Rv64Isa) ? new SupervisorInUser<Rv64State>()
        : typeof(TIsa) == typeof(Rv32Isa) ? new SupervisorInUser<Rv32State>()
        : throw new NotSupportedException($"no hosting is known for {TIsa.Name}: implement {nameof(IHosting)} for one of its profiles");

    /// <inheritdoc/>
    public void Attach<TIsa>(Cpu<TIsa> cpu, IsaMetadata isa)
        where TIsa : struct, IIsa
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        for (int level = 0; level < depth; level++)
        {
            var monitor = new TrapAndEmulate<TIsa>(cpu, isa, HostingOf<TIsa>(), policy, level == 0 ? paging : PagingPolicy.Tlb);
            _monitors.Add(monitor);
            cpu = monitor.Real;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IMonitor monitor in Enumerable.Reverse(_monitors))
            monitor.Dispose();
        _monitors.Clear();
    }
}
