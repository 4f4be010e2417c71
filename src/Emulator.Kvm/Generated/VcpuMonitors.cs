using Emulator.Hypervisor;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What a backend puts under a vCPU's processor. Another kind of monitor is another case here.</summary>
internal static class VcpuMonitors
{
    /// <summary>Puts the monitor of a backend under a processor; null where there is none.</summary>
    public static IMonitor? Attach<TIsa>(KvmBackend backend, Cpu<TIsa> cpu, IsaMetadata isa, IHosting hosting)
        where TIsa : struct, IIsa
        => backend switch
        {
            KvmBackend.TrapAndEmulate => new TrapAndEmulate<TIsa>(cpu, isa, hosting, CriticalPolicy.Patch),
            KvmBackend.Vmx => new VmxMonitor<TIsa>(cpu, isa),
            _ => null,
        };
}
