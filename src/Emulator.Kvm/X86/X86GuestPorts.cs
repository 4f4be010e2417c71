using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>The I/O space of a vCPU: every access is the client's to carry out.</summary>
internal sealed class X86GuestPorts : Bus
{
    /// <summary>The vCPU; set before it runs.</summary>
    public X86GeneratedVcpu Vcpu { get; set; } = null!;

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size) => Vcpu.ReadPort(address, size);

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value) => Vcpu.WritePort(address, size, value & AllOnes(size));
}
