using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Kvm;

/// <summary>What the processor's description leaves to the machine, and the way from generated code to its vCPU.</summary>
internal sealed unsafe class X86GuestExterns(GeneratedVcpu vcpu, GeneratedMachine machine) : X86Externs, IGuestExterns
{
    /// <inheritdoc/>
    public GeneratedVcpu Vcpu => vcpu;

    /// <inheritdoc/>
    public override uint AcknowledgeInterrupt(CpuHeader* h)
    {
        // The INTR pin is low whenever the spec looks at it: interrupts come from a queue, with their vectors. What an 8259 answers to nobody's request:
        const uint SpuriousVector = 7;
        return SpuriousVector;
    }

    /// <summary>The same for all vCPUs of a VM.</summary>
    public override ulong Timestamp(CpuHeader* h) => machine.Nanoseconds;
}
