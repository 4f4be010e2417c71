using Emulator.Runtime;

namespace Emulator.RiscV.Custom;

/// <summary>RAM is all there is; time stands still.</summary>
internal sealed unsafe class Rv64xTestExterns : Rv64xExterns
{
    public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => CustomMachine.HasMemory(v_address);

    public override ulong Cycles(CpuHeader* h) => 0;

    public override ulong Instructions(CpuHeader* h) => 0;

    public override ulong Time(CpuHeader* h) => 0;
}
