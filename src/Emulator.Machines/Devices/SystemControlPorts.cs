namespace Emulator.Machines;

/// <summary>System control port B (61): counter 2 gate, speaker, refresh toggle; and port A (92): fast A20 and fast reset (IBM PS/2 technical reference, system control ports).</summary>
public sealed class SystemControlPorts : IPortDevice, ISnapshotPart
{
    /// <summary>Period of the refresh request in nanoseconds; bit 4 of port 61 changes with each.</summary>
    private const long RefreshPeriod = 15_085;

    private readonly MachineClock _clock;
    private readonly Pit8254 _pit;
    private readonly A20Gate _a20;
    private readonly Action _reset;
    private byte _portB, _portA;

    /// <summary>Creates the ports.</summary>
    /// <param name="clock">Time for the refresh toggle.</param>
    /// <param name="pit">Timer whose counter 2 is gated and read.</param>
    /// <param name="a20">The gate bit 1 of port 92 drives.</param>
    /// <param name="reset">Called when bit 0 of port 92 rises.</param>
    public SystemControlPorts(MachineClock clock, Pit8254 pit, A20Gate a20, Action reset)
    {
        _clock = clock;
        _pit = pit;
        _a20 = a20;
        _reset = reset;
    }

    /// <inheritdoc/>
    public string PartName => "system-control";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x61, 1), new(0x92, 1)];

    /// <summary>Whether the speaker is fed (bit 1 of port 61).</summary>
    public bool SpeakerOn => (_portB & 2) != 0;

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        if (port == 0x92)
            return (uint)((_portA & ~2) | (_a20.Fast ? 2 : 0));
        uint refresh = (uint)(_clock.Now / RefreshPeriod) & 1;
        return _portB | (refresh << 4) | (_pit.Out2 ? 0x20u : 0);
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        if (port == 0x61)
        {
            _portB = (byte)(value & 0x0F);
            _pit.Gate2 = (value & 1) != 0;
            return;
        }

        bool reset = (value & ~_portA & 1) != 0;
        _portA = (byte)(value & ~2u);
        _a20.Fast = (value & 2) != 0;
        if (reset)
            _reset();
    }

    /// <summary>Power-on or bus reset.</summary>
    public void Reset()
    {
        _portA = _portB = 0;
        _pit.Gate2 = false;
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _portB);
        s.Value(ref _portA);
    }
}
