namespace Emulator.Kvm;

/// <summary>The timer of a vCPU: raises its interrupt once when the time has come.</summary>
internal sealed class RiscVTimer(RiscVMachine machine)
{
    private const ulong TicksPerMillisecond = RiscVMachine.Frequency / 1000;

    /// <summary>When it is due, in ticks; all ones before it was ever set.</summary>
    public ulong Compare { get; set; } = ulong.MaxValue;

    /// <summary>Whether it runs.</summary>
    public bool IsOn { get; set; }

    /// <summary>Milliseconds until it is due, at least 1; -1 when it does not run.</summary>
    public int Wait
    {
        get
        {
            if (!IsOn)
                return -1;
            var now = machine.Time;
            return now >= Compare ? 1 : (int)Math.Min((Compare - now) / TicksPerMillisecond + 1, 1000);
        }
    }

    /// <summary>Back to the state before it was ever set.</summary>
    public void Reset()
    {
        Compare = ulong.MaxValue;
        IsOn = false;
    }

    /// <summary>Whether it is due now; then it does not run any more.</summary>
    public bool Expire()
    {
        if (!IsOn || machine.Time < Compare)
            return false;
        IsOn = false;
        return true;
    }
}
