using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Machines;

/// <summary>What the processor's description leaves to the machine: the interrupt acknowledge cycle and the time-stamp counter.</summary>
internal sealed unsafe class PcExterns(PicPair pic, Clock clock) : X86Externs
{
    /// <inheritdoc/>
    public override uint AcknowledgeInterrupt(CpuHeader* h) => pic.Acknowledge();

    /// <inheritdoc/>
    public override ulong Timestamp(CpuHeader* h) => (ulong)clock.Now;
}
