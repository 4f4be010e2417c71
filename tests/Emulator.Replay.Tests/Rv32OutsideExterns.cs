using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.RiscV;
using Emulator.Runtime;

namespace Emulator.Replay.Tests;

/// <summary>The externs of rv32, answered as the interpreter of the IR answers them.</summary>
internal sealed unsafe class Rv32OutsideExterns(OutsideMachine outside) : Rv32Externs
{
    public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => (outside.Answer(ResourceRoles.None, ResourceRoles.None, v_address, v_access) & 1) != 0;

    public override ulong Cycles(CpuHeader* h) => outside.Answer(ResourceRoles.Timer, ResourceRoles.None);

    public override ulong Instructions(CpuHeader* h) => outside.Answer(ResourceRoles.Timer, ResourceRoles.None);

    public override ulong Time(CpuHeader* h) => outside.Answer(ResourceRoles.Timer, ResourceRoles.None);
}
