using Emulator.X86;

namespace Emulator.Testing;

/// <summary>A machine without an interrupt controller whose time-stamp counter stands still.</summary>
internal sealed class QuietExterns : X86Externs
{
    // What an 8259 answers when no request is pending any more: its lowest input.
    private const byte SpuriousVector = 7;

    /// <inheritdoc/>
    public override byte acknowledge_interrupt() => SpuriousVector;

    /// <inheritdoc/>
    public override ulong timestamp() => 0;
}
