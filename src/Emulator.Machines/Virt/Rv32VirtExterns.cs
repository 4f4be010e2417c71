using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>What the description of 32-bit harts leaves to the machine.</summary>
internal sealed unsafe class Rv32VirtExterns(Cpu<Rv32Isa> cpu, VirtEnvironment environment) : Rv32Externs
{
    /// <inheritdoc/>
    public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => environment.IsAccessible(v_address, v_access);

    /// <inheritdoc/>
    public override ulong Cycles(CpuHeader* h) => (ulong)cpu.Instructions - 1;

    /// <inheritdoc/>
    public override ulong Instructions(CpuHeader* h) => (ulong)cpu.Instructions - 1;

    /// <inheritdoc/>
    public override ulong Time(CpuHeader* h) => environment.Time;
}
