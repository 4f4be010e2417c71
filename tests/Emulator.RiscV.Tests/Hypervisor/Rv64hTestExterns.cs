using Emulator.Runtime;
using Emulator.RiscVH;

namespace Emulator.RiscV.Tests.Hypervisor;

/// <summary>RAM is all there is; time stands still.</summary>
internal sealed unsafe class Rv64hTestExterns : Rv64hExterns
{
    /// <summary>Instructions before the one under way.</summary>
    public Func<ulong> Count { get; set; } = () => 0;

    public override bool Accessible(CpuHeader* h, ulong v_address, uint v_access) => TestMachine.HasMemory(v_address);

    public override ulong Cycles(CpuHeader* h) => Count();

    public override ulong Instructions(CpuHeader* h) => Count();

    public override ulong Time(CpuHeader* h) => TestMachine.Time;
}
