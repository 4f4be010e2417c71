using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Testing.X86;

/// <summary>A machine without an interrupt controller whose time-stamp counter stands still.</summary>
internal sealed unsafe class QuietExterns : X86Externs
{
    // What an 8259 answers when no request is pending any more: its lowest input.
    private const uint SpuriousVector = 7;

    /// <inheritdoc/>
    public override uint AcknowledgeInterrupt(CpuHeader* h) => SpuriousVector;

    /// <inheritdoc/>
    public override ulong Timestamp(CpuHeader* h) => 0;
}
