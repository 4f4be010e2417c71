using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>The I/O space of a vCPU: every access is the client's to carry out.</summary>
internal sealed class GeneratedPorts(GeneratedVcpu vcpu) : Bus
{
    /// <inheritdoc/>
    public override ulong Read(ulong address, int size) => vcpu.ReadPort(address, size);

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value) => vcpu.WritePort(address, size, value & AllOnes(size));
}
