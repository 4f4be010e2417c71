using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What the description of 32-bit harts leaves to the machine.</summary>
internal sealed unsafe class Rv32GuestExterns(RiscVGeneratedVcpu<Rv32Isa, Rv32State> vcpu, RiscVMachine machine) : Rv32Externs, IGuestExterns
{
    /// <inheritdoc/>
    public GeneratedVcpu Vcpu => vcpu;

    /// <inheritdoc/>
    public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => machine.IsAccessible(v_address);

    /// <inheritdoc/>
    public override ulong Cycles(CpuHeader* h) => vcpu.InstructionsBefore;

    /// <inheritdoc/>
    public override ulong Instructions(CpuHeader* h) => vcpu.InstructionsBefore;

    /// <inheritdoc/>
    public override ulong Time(CpuHeader* h) => machine.Time;
}
