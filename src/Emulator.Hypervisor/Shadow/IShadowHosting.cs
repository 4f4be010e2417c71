using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>A hosting whose real CPU can walk page tables of the monitor's.</summary>
internal interface IShadowHosting
{
    /// <summary>Makes the shadows of a virtual CPU, and the physical address space the real one is to have.</summary>
    /// <param name="virtualCpu">The CPU.</param>
    /// <param name="isa">Its metadata.</param>
    /// <param name="frames">Most page frames the tables may take.</param>
    IShadowPaging CreateShadows<TIsa>(Cpu<TIsa> virtualCpu, IsaMetadata isa, int frames)
        where TIsa : struct, IIsa;
}
