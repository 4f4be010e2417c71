namespace Emulator.Machines;

/// <summary>One counter of an 8254 (Intel 8254 data sheet, order number 231164), computed from the time at which it was loaded instead of clock by clock.</summary>
/// <remarks>All times are in ticks of the 1.193182 MHz input clock since power-on. A count written at tick t is loaded at t+1, the "next CLK pulse" of the data sheet.</remarks>
internal sealed class PitChannel
{
    /// <summary>No change of the output is to come.</summary>
    public const long Never = long.MaxValue;

    private byte _mode = 3;         // 0 to 5; undefined at power-on: OUT is high, so that programming it makes no edge
    private bool _bcd;
    private byte _access = 3;       // 1 low byte, 2 high byte, 3 both
    private int _count;             // initial count, 1 to 65536 (10000 in BCD); 0 before the first
    private bool _gate;
    private bool _armed;            // a count was written since the control word
    private bool _running;          // the counting element counts
    private long _start;            // tick at which the count was (or will be) loaded
    private int _loaded;            // count loaded then
    private bool _startsHigh = true; // mode 3: level of the half period that begins at _start; mode 1: level before _start
    private int _frozen;            // value shown while not running
    private bool _frozenFired;      // modes 0, 1, 4, 5: whether the terminal count had been reached when counting stopped
    private int _next;              // modes 2, 3: count that replaces the current one at _nextAt, 0 if none
    private long _nextAt;
    private bool _nextStartsHigh;
    private long _nullUntil;        // the count register has not reached the counting element before this tick
    private bool _nullCount = true;

    private byte _writeLow;
    private bool _writeHigh, _readHigh;
    private int _latched;           // -1 none
    private int _latchedStatus;     // -1 none

    public PitChannel(bool gate)
    {
        _gate = gate;
        _latched = _latchedStatus = -1;
    }

    /// <summary>Level of the gate input.</summary>
    public bool Gate => _gate;

    public byte Mode => _mode;

    /// <summary>The initial count, 1 to 65536; 0 before one was written.</summary>
    public int InitialCount => _count;

    private int Modulus => _bcd ? 10000 : 0x10000;

    private bool Periodic => _mode is 2 or 3;

    /// <summary>Writes a control word that selects this counter (and is no latch command).</summary>
    public void WriteControl(byte value, long now)
    {
        Settle(now);
        _frozen = RawValue(now);
        _access = (byte)((value >> 4) & 3);
        int mode = (value >> 1) & 7;
        _mode = (byte)(mode > 5 ? mode - 4 : mode);
        _bcd = (value & 1) != 0;
        _running = _armed = _frozenFired = false;
        _writeHigh = _readHigh = false;
        _latched = _latchedStatus = -1;
        _next = 0;
        _nullCount = true;
        _nullUntil = Never;
    }

    /// <summary>Latches the count, unless one is latched already.</summary>
    public void LatchCount(long now)
    {
        if (_latched < 0)
            _latched = Encode(Value(now));
    }

    /// <summary>Latches the status byte of the read-back command, unless one is latched already.</summary>
    public void LatchStatus(long now)
    {
        if (_latchedStatus >= 0)
            return;
        bool nullCount = _nullCount && now < _nullUntil;
        _latchedStatus = (Output(now) ? 0x80 : 0) | (nullCount ? 0x40 : 0) | (_access << 4) | (_mode << 1) | (_bcd ? 1 : 0);
    }

    /// <summary>Reads the counter's port.</summary>
    public byte Read(long now)
    {
        if (_latchedStatus >= 0)
        {
            byte status = (byte)_latchedStatus;
            _latchedStatus = -1;
            return status;
        }

        int value = _latched >= 0 ? _latched : Encode(Value(now));
        bool high = _access == 2 || (_access == 3 && _readHigh);
        if (_access == 3)
            _readHigh = !_readHigh;
        if (_access != 3 || high)
            _latched = -1;
        return (byte)(high ? value >> 8 : value);
    }

    /// <summary>Writes the counter's port.</summary>
    public void Write(byte value, long now)
    {
        Settle(now);
        switch (_access)
        {
            case 1:
                SetCount(value, now);
                break;
            case 2:
                SetCount(value << 8, now);
                break;
            default:
                if (!_writeHigh)
                {
                    _writeLow = value;
                    _writeHigh = true;

                    // "Writing the first byte disables counting. OUT is set low immediately" (mode 0).
                    if (_mode == 0)
                        Stop(now, fired: false);
                }
                else
                {
                    _writeHigh = false;
                    SetCount(_writeLow | (value << 8), now);
                }

                break;
        }
    }

    /// <summary>Drives the gate input.</summary>
    public void SetGate(bool level, long now)
    {
        if (level == _gate)
            return;
        Settle(now);
        if (_mode is 0 or 4)
        {
            if (!level)
            {
                Stop(now, Fired(now));
            }
            else if (_armed && !_writeHigh)
            {
                // Counting goes on from where it stopped.
                // A terminal count already reached is kept by starting one whole turn of the counter earlier.
                _running = true;
                _start = _frozenFired ? now - Modulus : now;
                _loaded = _frozenFired || _frozen > 0 ? _frozen : Modulus;
            }
        }
        else if (!level)
        {
            if (Periodic)
                Stop(now, fired: false);
        }
        else if (_armed)
        {
            Load(now + 1, _count);
        }

        _gate = level;
    }

    /// <summary>Level of the OUT pin.</summary>
    public bool Output(long now)
    {
        Settle(now);
        switch (_mode)
        {
            case 0:
                return _running ? Fired(now) : _frozenFired;
            case 1:
                return !_running || (now < _start ? _startsHigh : Fired(now));
            case 2:
                return !_running || now < _start || Phase(now) != _loaded - 1;
            case 3:
                return !_running || now < _start || HalfPeriod(now, out _, out _);
            default:
                return !_running || now - _start != _loaded;
        }
    }

    /// <summary>The next tick at which OUT changes, or <see cref="Never"/>.</summary>
    public long NextChange(long now)
    {
        Settle(now);
        if (!_running)
            return Never;
        long end = _start + _loaded;
        switch (_mode)
        {
            case 0:
                return now < end ? end : Never;
            case 1:
                return now < _start ? _start : now < end ? end : Never;
            case 2:
                if (_loaded < 2)
                    return Never;
                long at = Math.Max(now, _start - 1);
                long period = at < _start ? _start : at - Phase(at);
                return at < period + _loaded - 1 ? period + _loaded - 1 : period + _loaded;
            case 3:
                if (_loaded < 2)
                    return Never;
                if (now < _start)
                    return _start;
                HalfPeriod(now, out long halfStart, out int length);
                return halfStart + length;
            default:
                return now < end ? end : now == end ? end + 1 : Never;
        }
    }

    /// <summary>The value the counting element shows, 0 to 65535.</summary>
    public int Value(long now)
    {
        Settle(now);
        return RawValue(now);
    }

    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _mode);
        s.Value(ref _bcd);
        s.Value(ref _access);
        s.Value(ref _count);
        s.Value(ref _gate);
        s.Value(ref _armed);
        s.Value(ref _running);
        s.Value(ref _start);
        s.Value(ref _loaded);
        s.Value(ref _startsHigh);
        s.Value(ref _frozen);
        s.Value(ref _frozenFired);
        s.Value(ref _next);
        s.Value(ref _nextAt);
        s.Value(ref _nextStartsHigh);
        s.Value(ref _nullUntil);
        s.Value(ref _nullCount);
        s.Value(ref _writeLow);
        s.Value(ref _writeHigh);
        s.Value(ref _readHigh);
        s.Value(ref _latched);
        s.Value(ref _latchedStatus);
        if (!s.IsLoading)
            return;
        _count = Math.Clamp(_count, 0, 0x10000);
        _loaded = Math.Clamp(_loaded, 0, 0x10000);
        _next = Math.Clamp(_next, 0, 0x10000);
    }

    private void SetCount(int raw, long now)
    {
        int count = _bcd ? FromBcd(raw) : raw;
        _count = count == 0 ? Modulus : count;
        _nullCount = true;
        _nullUntil = now + 1;
        bool first = !_armed;
        _armed = true;
        switch (_mode)
        {
            case 0 or 4:
                if (_gate)
                {
                    Load(now + 1, _count);
                }
                else
                {
                    _running = _frozenFired = false;
                    _frozen = _count % Modulus;
                }

                break;
            case 1 or 5:
                _nullUntil = Never; // loaded by the next trigger
                break;
            default:
                if (!_gate)
                {
                    _nullUntil = Never;
                }
                else if (first || !_running)
                {
                    Load(now + 1, _count);
                }
                else if (now < _start)
                {
                    _loaded = _count;
                }
                else
                {
                    ReplaceLater(now);
                }

                break;
        }
    }

    /// <summary>Modes 2 and 3: the new count takes over at the end of the current period, or half period.</summary>
    private void ReplaceLater(long now)
    {
        _next = _count;
        if (_mode == 2)
        {
            _nextAt = now - Phase(now) + _loaded;
            _nextStartsHigh = true;
        }
        else
        {
            bool high = HalfPeriod(now, out long halfStart, out int length);
            _nextAt = halfStart + length;
            _nextStartsHigh = !high;
        }

        _nullUntil = _nextAt;
    }

    private void Load(long at, int count)
    {
        long now = at - 1;
        bool high = _mode != 1 || Output(now);
        _frozen = RawValue(now);
        _running = true;
        _start = at;
        _loaded = count;
        _startsHigh = high;
        _frozenFired = false;
        _next = 0;
        _nullUntil = at;
    }

    private void Stop(long now, bool fired)
    {
        _frozen = _running && now < _start ? _loaded % Modulus : RawValue(now);
        _frozenFired = fired;
        _running = false;
        _next = 0;
    }

    /// <summary>Applies a count that was waiting for the end of a period.</summary>
    private void Settle(long now)
    {
        if (_next == 0 || now < _nextAt)
            return;
        _start = _nextAt;
        _loaded = _next;
        _startsHigh = _nextStartsHigh;
        _next = 0;
    }

    private bool Fired(long now) => _running ? now - _start >= _loaded : _frozenFired;

    private long Phase(long now) => _loaded == 0 ? 0 : (now - _start) % _loaded;

    /// <summary>Mode 3: the level, start and length of the half period that <paramref name="now"/> lies in; odd counts are high one tick longer.</summary>
    private bool HalfPeriod(long now, out long start, out int length)
    {
        int high = (_loaded + 1) / 2;
        int low = _loaded - high;
        long phase = Phase(now);
        long periodStart = now - phase;
        int first = _startsHigh ? high : low;
        bool inFirst = phase < first;
        start = inFirst ? periodStart : periodStart + first;
        length = inFirst ? first : _loaded - first;
        return inFirst == _startsHigh;
    }

    private int RawValue(long now)
    {
        if (!_running || now < _start)
            return _frozen;
        switch (_mode)
        {
            case 2:
                return (int)((_loaded - Phase(now)) % Modulus);
            case 3:
                HalfPeriod(now, out long halfStart, out _);
                return (int)(((_loaded & ~1) - (2 * (now - halfStart))) % Modulus);
            default:
                long value = (_loaded - (now - _start)) % Modulus;
                return (int)(value < 0 ? value + Modulus : value);
        }
    }

    private int Encode(int value)
    {
        if (!_bcd)
            return value;
        return (value % 10) | (value / 10 % 10 << 4) | (value / 100 % 10 << 8) | (value / 1000 % 10 << 12);
    }

    private static int FromBcd(int raw) =>
        (raw & 15) + ((raw >> 4 & 15) * 10) + ((raw >> 8 & 15) * 100) + ((raw >> 12 & 15) * 1000);
}
