namespace Emulator.Kvm;

/// <summary>What the vCPUs of a RISC-V VM share: memory, and the time.</summary>
internal sealed class RiscVMachine(int addressBits) : GeneratedMachine(addressBits)
{
    /// <summary>Ticks of the time CSR in a second.</summary>
    public const ulong Frequency = 10_000_000;

    private const ulong NanosecondsPerTick = 1_000_000_000 / Frequency;

    private readonly ulong _end = 1UL << addressBits;
    private ulong _delta;

    /// <summary>The time all vCPUs see, in ticks.</summary>
    public ulong Time
    {
        get => Nanoseconds / NanosecondsPerTick + Volatile.Read(ref _delta);
        set => Volatile.Write(ref _delta, value - Nanoseconds / NanosecondsPerTick);
    }

    /// <summary>Whether an address exists: what no slot has is the client's to answer.</summary>
    public bool IsAccessible(ulong address) => address < _end;
}
