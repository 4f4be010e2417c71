using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>What the description of 64-bit harts leaves to the machine.</summary>
internal sealed unsafe class Rv64VirtExterns(Cpu<Rv64Isa> cpu, VirtEnvironment environment) : Rv64Externs
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
