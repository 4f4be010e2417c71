namespace Emulator.Machines;

/// <summary>The 8254 programmable interval timer (ports 40 to 43; Intel 8254 data sheet, order number 231164), clocked at 1.193182 MHz.</summary>
/// <remarks>Counter 0 drives IRQ 0, counter 1 was the memory refresh, counter 2 is gated by port 61 and drives the speaker.</remarks>
public sealed class Pit8254 : IPortDevice, ISnapshotPart
{
    /// <summary>Input clock in hertz.</summary>
    public const long Frequency = 1_193_182;

    /// <summary>Late changes of the output that are still delivered one by one; a host that lags further behind (wall clock) loses ticks.</summary>
    private const int CatchUpLimit = 16;

    private readonly MachineClock _clock;
    private readonly MachineTimer _timer;
    private readonly PitChannel[] _channels = [new(gate: true), new(gate: true), new(gate: false)];
    private long _nextChange = PitChannel.Never;

    /// <summary>Creates the timer on a machine's clock.</summary>
    public Pit8254(MachineClock clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer("pit", Synchronize);
        Out0.Set(_channels[0].Output(Tick));
    }

    /// <inheritdoc/>
    public string PartName => "pit";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x40, 4)];

    /// <summary>OUT of counter 0 (IRQ 0).</summary>
    public Signal Out0 { get; } = new();

    /// <summary>OUT of counter 2 now.</summary>
    public bool Out2 => _channels[2].Output(Tick);

    /// <summary>The gate of counter 2 (bit 0 of port 61).</summary>
    public bool Gate2
    {
        get => _channels[2].Gate;
        set => _channels[2].SetGate(value, Tick);
    }

    /// <summary>Frequency in hertz that counter 2 puts on the speaker in mode 3, or 0.</summary>
    public double Tone => _channels[2] is { Mode: 3, InitialCount: > 0 } c ? (double)Frequency / c.InitialCount : 0;

    private long Tick => MachineClock.TicksAt(_clock.Now, Frequency);

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        int counter = port & 3;
        if (counter == 3)
            return 0xFF; // "No-operation (3-state)"
        Synchronize();
        return _channels[counter].Read(Tick);
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        Synchronize();
        long now = Tick;
        int counter = port & 3;
        if (counter != 3)
            _channels[counter].Write((byte)value, now);
        else if ((value & 0xC0) == 0xC0)
            ReadBack(value, now);
        else if ((value & 0x30) == 0)
            _channels[value >> 6].LatchCount(now);
        else
            _channels[value >> 6].WriteControl((byte)value, now);

        Out0.Set(_channels[0].Output(now));
        Schedule(now);
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        foreach (PitChannel channel in _channels)
            channel.Transfer(s);
        s.Value(ref _nextChange);
        if (s.IsLoading)
            Out0.Set(_channels[0].Output(Tick));
    }

    private void ReadBack(uint value, long now)
    {
        for (int i = 0; i < 3; i++)
        {
            if ((value & (2u << i)) == 0)
                continue;
            if ((value & 0x20) == 0)
                _channels[i].LatchCount(now);
            if ((value & 0x10) == 0)
                _channels[i].LatchStatus(now);
        }
    }

    /// <summary>Delivers every change of OUT 0 up to now, in order, so that a pulse shorter than an instruction still makes an edge.</summary>
    private void Synchronize()
    {
        long now = Tick;
        if (now < _nextChange)
        {
            if (_timer.Due == MachineTimer.Never && _nextChange != PitChannel.Never)
                Schedule(now);
            return;
        }

        for (int i = 0; i < CatchUpLimit && _nextChange <= now; i++)
        {
            long at = _nextChange;
            Out0.Set(_channels[0].Output(at));
            _nextChange = _channels[0].NextChange(at);
        }

        if (_nextChange <= now)
            Out0.Set(_channels[0].Output(now));
        Schedule(now);
    }

    private void Schedule(long now)
    {
        _nextChange = _channels[0].NextChange(now);
        _timer.ScheduleAt(_nextChange == PitChannel.Never ? MachineTimer.Never : MachineClock.TimeOfTick(_nextChange, Frequency));
    }
}
