using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Replay.Tests;

/// <summary>The externs of x86, answered as the interpreter of the IR answers them.</summary>
internal sealed unsafe class X86OutsideExterns(OutsideMachine outside) : X86Externs
{
    public override uint AcknowledgeInterrupt(CpuHeader* h) => (byte)outside.Answer(ResourceRoles.Interrupt, ResourceRoles.Interrupt);

    public override ulong Timestamp(CpuHeader* h) => outside.Answer(ResourceRoles.Timer, ResourceRoles.None);
}
