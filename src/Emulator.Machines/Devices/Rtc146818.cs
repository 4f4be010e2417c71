namespace Emulator.Machines;

/// <summary>The MC146818A real-time clock with 128 bytes of CMOS memory (ports 70/71; Motorola MC146818A data sheet, ADI1026).</summary>
/// <remarks>Bit 7 of port 70 masks the NMI, as on every PC. Daylight saving (register B, bit 0) and the square-wave pin are not connected.</remarks>
public sealed class Rtc146818 : IPortDevice, ISnapshotPart
{
    private const int RegA = 0x0A, RegB = 0x0B, RegC = 0x0C, RegD = 0x0D;
    private const byte UpdateInProgress = 0x80, SetBit = 0x80, Binary = 0x04, Hours24 = 0x02;
    private const byte PeriodicFlag = 0x40, AlarmFlag = 0x20, UpdateFlag = 0x10, IrqFlag = 0x80;
    private const long Second = 1_000_000_000;

    /// <summary>UIP rises 244 microseconds before an update.</summary>
    private const long UpdateWarning = 244_000;
    private const long CrystalFrequency = 32_768;

    private readonly MachineClock _clock;
    private readonly MachineTimer _secondTimer, _periodicTimer;
    private readonly byte[] _ram = new byte[128];
    private byte _index;
    private bool _nmiMasked;
    private long _nextUpdate;
    private long _periodSeen;

    /// <summary>Creates the clock, running, set to <paramref name="start"/>.</summary>
    public Rtc146818(MachineClock clock, DateTime start)
    {
        _clock = clock;
        _secondTimer = clock.CreateTimer("rtc.second", Update);
        _periodicTimer = clock.CreateTimer("rtc.periodic", Periodic);
        _ram[RegA] = 0x26; // 32.768 kHz, 1024 Hz periodic rate: what PC firmware leaves
        _ram[RegB] = Hours24;
        _ram[RegD] = 0x80; // battery good
        RtcTime.Store(_ram, start, binary: false, hours24: true);
        _nextUpdate = clock.Now + Second;
        _secondTimer.ScheduleAt(_nextUpdate);
    }

    /// <inheritdoc/>
    public string PartName => "rtc";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x70, 2)];

    /// <summary>The IRQ pin (IRQ 8), high while register C has a flag that register B enables.</summary>
    public Signal Irq { get; } = new();

    /// <summary>Whether port 70 masks the non-maskable interrupt.</summary>
    public bool NmiMasked => _nmiMasked;

    /// <summary>The CMOS memory as stored; indices 0 to D are the clock's registers.</summary>
    public Span<byte> Memory => _ram;

    private bool Running => (_ram[RegA] & 0x70) == 0x20;

    private bool IsBinary => (_ram[RegB] & Binary) != 0;

    private bool Is24 => (_ram[RegB] & Hours24) != 0;

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        if ((port & 1) == 0)
            return 0xFF; // write-only
        switch (_index)
        {
            case RegA:
                bool updating = Running && (_ram[RegB] & SetBit) == 0 && _clock.Now >= _nextUpdate - UpdateWarning;
                return (uint)(_ram[RegA] | (updating ? UpdateInProgress : 0));
            case RegC:
                CatchPeriodic();
                byte flags = _ram[RegC];
                _ram[RegC] = 0;
                SchedulePeriodic();
                UpdateIrq();
                return flags;
            default:
                return _ram[_index];
        }
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        byte data = (byte)value;
        if ((port & 1) == 0)
        {
            _index = (byte)(data & 0x7F);
            _nmiMasked = (data & 0x80) != 0;
            return;
        }

        switch (_index)
        {
            case RegA:
                WriteA(data);
                break;
            case RegB:
                CatchPeriodic();
                if ((data & SetBit) != 0)
                    data &= 0xEF; // "a SET write clears UIE"
                _ram[RegB] = data;
                SchedulePeriodic();
                UpdateIrq();
                break;
            case RegC or RegD:
                break; // read-only
            default:
                _ram[_index] = data;
                break;
        }
    }

    /// <summary>The RESET pin: interrupt enables and flags are cleared, time and memory stay.</summary>
    public void Reset()
    {
        CatchPeriodic();
        _ram[RegB] &= 0x87;
        _ram[RegC] = 0;
        _nmiMasked = false;
        SchedulePeriodic();
        UpdateIrq();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Values<byte>(_ram);
        s.Value(ref _index);
        s.Value(ref _nmiMasked);
        s.Value(ref _nextUpdate);
        s.Value(ref _periodSeen);
        if (!s.IsLoading)
            return;
        _index &= 0x7F;
        _nextUpdate = Math.Max(_nextUpdate, _clock.Now);
        UpdateIrq();
    }

    private void WriteA(byte data)
    {
        bool ran = Running;
        CatchPeriodic();
        _ram[RegA] = (byte)(data & 0x7F);
        if (!ran && Running)
        {
            // "When the divider is released from reset, the first update cycle begins one-half second later."
            _nextUpdate = _clock.Now + (Second / 2);
            _secondTimer.ScheduleAt(_nextUpdate);
        }
        else if (ran && !Running)
        {
            _secondTimer.Cancel();
        }

        _periodSeen = PeriodNumber();
        SchedulePeriodic();
    }

    private void Update()
    {
        while (_nextUpdate <= _clock.Now)
        {
            _nextUpdate += Second;
            if ((_ram[RegB] & SetBit) != 0)
                continue;
            RtcTime.Increment(_ram, IsBinary, Is24);
            _ram[RegC] |= UpdateFlag;
            if (RtcTime.AlarmMatches(_ram))
                _ram[RegC] |= AlarmFlag;
        }

        _secondTimer.ScheduleAt(_nextUpdate);
        UpdateIrq();
    }

    private void Periodic()
    {
        CatchPeriodic();
        SchedulePeriodic();
        UpdateIrq();
    }

    /// <summary>Crystal ticks between periodic interrupts, 0 for none (data sheet, table 5).</summary>
    private long PeriodTicks()
    {
        int rate = _ram[RegA] & 15;
        if (rate == 0 || !Running)
            return 0;
        return 1L << ((rate <= 2 ? rate + 7 : rate) - 1);
    }

    private long PeriodNumber()
    {
        long ticks = PeriodTicks();
        return ticks == 0 ? 0 : MachineClock.TicksAt(_clock.Now, CrystalFrequency) / ticks;
    }

    /// <summary>Sets PF if a period has ended since the last look.</summary>
    private void CatchPeriodic()
    {
        long number = PeriodNumber();
        if (number == _periodSeen)
            return;
        _periodSeen = number;
        _ram[RegC] |= PeriodicFlag;
    }

    /// <summary>Arms the periodic timer only while PF is enabled and not yet pending: otherwise nobody can tell when exactly it was set.</summary>
    private void SchedulePeriodic()
    {
        long ticks = PeriodTicks();
        bool wanted = ticks != 0 && (_ram[RegB] & PeriodicFlag) != 0 && (_ram[RegC] & PeriodicFlag) == 0;
        _periodicTimer.ScheduleAt(wanted ? MachineClock.TimeOfTick((PeriodNumber() + 1) * ticks, CrystalFrequency) : MachineTimer.Never);
    }

    private void UpdateIrq()
    {
        bool active = (_ram[RegC] & _ram[RegB] & (PeriodicFlag | AlarmFlag | UpdateFlag)) != 0;
        if (active)
            _ram[RegC] |= IrqFlag;
        else
            _ram[RegC] &= 0x7F;
        Irq.Set(active);
    }
}
