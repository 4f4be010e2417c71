using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>What the description of 64-bit harts leaves to the machine.</summary>
internal sealed unsafe class Rv64GuestExterns(RiscVGeneratedVcpu<Rv64Isa, Rv64State> vcpu, RiscVMachine machine) : Rv64Externs, IGuestExterns
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
