using Emulator.RiscV;

namespace Emulator.Kvm;

/// <summary>What of the system and of VMs is that of RISC-V of 64 bits.</summary>
internal sealed class RiscV64Architecture : RiscVArchitecture
{
    /// <inheritdoc/>
    public override int AddressBits => 52;

    /// <inheritdoc/>
    protected override IRiscVBackend CreateBackend(RiscVMachine machine, int id, KvmBackend backend)
        => new RiscVGeneratedVcpu<Rv64Isa, Rv64State>(machine, Rv64Metadata.Instance, id, backend, vcpu => new Rv64GuestExterns(vcpu, machine));
}
