using Emulator.RiscV;

namespace Emulator.Kvm;

/// <summary>What of the system and of VMs is that of RISC-V of 32 bits.</summary>
internal sealed class RiscV32Architecture : RiscVArchitecture
{
    /// <inheritdoc/>
    public override int AddressBits => 34;

    /// <inheritdoc/>
    protected override IRiscVBackend CreateBackend(RiscVMachine machine, int id, KvmBackend backend)
        => new RiscVGeneratedVcpu<Rv32Isa, Rv32State>(machine, Rv32Metadata.Instance, id, backend, vcpu => new Rv32GuestExterns(vcpu, machine));
}
