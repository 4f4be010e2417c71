using Emulator.Machines;
using Emulator.RiscV;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>Puts monitors under the processors of a machine; to be disposed before the machine.</summary>
/// <param name="policy">What they do about critical instructions: with <see cref="CriticalPolicy.Intercept"/> they use VMX, else they trap and emulate.</param>
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

    /// <summary>A monitor under a CPU.</summary>
    /// <exception cref="NotSupportedException">There is none of this kind for the instruction set.</exception>
    public static IMonitor Create<TIsa>(Cpu<TIsa> cpu, IsaMetadata isa, CriticalPolicy policy)
        where TIsa : struct, IIsa =>
        policy != CriticalPolicy.Intercept ? new TrapAndEmulate<TIsa>(cpu, isa, HostingOf<TIsa>(), policy)
        : typeof(TIsa) == typeof(X86Isa) ? new VmxMonitor<TIsa>(cpu, isa)
        : throw new NotSupportedException($"VMX is x86's: {TIsa.Name} has no monitor that intercepts");

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">There is no monitor of this kind for the instruction set, or not at this depth.</exception>
    public void Attach<TIsa>(Cpu<TIsa> cpu, IsaMetadata isa)
        where TIsa : struct, IIsa
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        if (policy == CriticalPolicy.Intercept)
        {
            if (depth > 1)
                throw new NotSupportedException("a VMX monitor in a virtual machine of another is not supported: depth 1");
            _monitors.Add(Create(cpu, isa, policy));
            return;
        }

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
