using System.Diagnostics;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>What the processor's description leaves to the machine, and the way from generated code to its vCPU.</summary>
internal sealed unsafe class GeneratedExterns(GeneratedVcpu vcpu) : X86Externs
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The vCPU.</summary>
    public GeneratedVcpu Vcpu => vcpu;

    /// <inheritdoc/>
    public override uint AcknowledgeInterrupt(CpuHeader* h)
    {
        // The INTR pin is low whenever the spec looks at it: interrupts come from a queue, with their vectors. What an 8259 answers to nobody's request:
        const uint SpuriousVector = 7;
        return SpuriousVector;
    }

    /// <summary>Nanoseconds of the host since the vCPU was made: a time-stamp counter of 1 GHz.</summary>
    public override ulong Timestamp(CpuHeader* h) => (ulong)((Int128)(Stopwatch.GetTimestamp() - _start) * 1_000_000_000 / Stopwatch.Frequency);
}
