using Emulator.Runtime;

namespace Emulator.Kvm;

/// <summary>The states of isa/riscv that the API looks at or sets.</summary>
internal sealed class RiscVStates(IsaMetadata metadata)
{
    public StateInfo X { get; } = metadata.State("X");

    public StateInfo F { get; } = metadata.State("F");

    public StateInfo Flags { get; } = metadata.State("fflags");

    public StateInfo Rounding { get; } = metadata.State("frm");

    public StateInfo Mode { get; } = metadata.State("PRIV");

    public StateInfo Pending { get; } = metadata.State("mip");

    public StateInfo ExternalLine { get; } = metadata.State("SEIP_LINE");

    public StateInfo Enabled { get; } = metadata.State("mie");

    public StateInfo Waiting { get; } = metadata.State("WAITING");

    public StateInfo HartId { get; } = metadata.State("hartid");

    public StateInfo DelegatedExceptions { get; } = metadata.State("medeleg");

    public StateInfo DelegatedInterrupts { get; } = metadata.State("mideleg");

    public StateInfo OpenCounters { get; } = metadata.State("mcounteren");

    public StateInfo ProtectionConfiguration { get; } = metadata.State("pmpcfg");

    public StateInfo ProtectionAddress { get; } = metadata.State("pmpaddr");
}
