using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The real-time clock of Android's Goldfish platform: nanoseconds since 1970, and an alarm (GOLDFISH-VIRTUAL-HARDWARE.TXT).</summary>
public sealed class GoldfishRtc : IBusDevice, ISnapshotPart
{
    /// <summary>Bytes of address space.</summary>
    public const ulong Size = 0x1000;

    private readonly MachineClock _clock;
    private readonly MachineTimer _alarm;
    private long _offset;
    private ulong _alarmTime;
    private uint _latchedHigh, _alarmHigh;
    private bool _armed, _enabled, _pending;

    /// <summary>Creates it.</summary>
    /// <param name="clock">Machine time.</param>
    /// <param name="start">What it shows at power-on.</param>
    public GoldfishRtc(MachineClock clock, DateTime start)
    {
        _clock = clock;
        _offset = (start - DateTime.UnixEpoch).Ticks * 100;
        _alarm = clock.CreateTimer("goldfish.alarm", Ring);
    }

    /// <inheritdoc/>
    public string PartName => "goldfish-rtc";

    /// <summary>The interrupt request.</summary>
    public Signal Irq { get; } = new();

    private ulong Now => (ulong)(_clock.Now + _offset);

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        switch (offset)
        {
            case 0x00: // TIME_LOW: latches the high half
                ulong now = Now;
                _latchedHigh = (uint)(now >> 32);
                return (uint)now;
            case 0x04:
                return _latchedHigh;
            case 0x08:
                return (uint)_alarmTime;
            case 0x0C:
                return _alarmHigh;
            case 0x10:
                return _enabled ? 1u : 0;
            case 0x18:
                return _armed ? 1u : 0;
            default:
                return 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 0x00:
                _offset += (long)(((Now & ~0xFFFF_FFFFUL) | (uint)value) - Now);
                break;
            case 0x04:
                _offset += (long)(((Now & 0xFFFF_FFFF) | (value << 32)) - Now);
                break;
            case 0x08: // ALARM_LOW: arms the alarm with the high half written before
                _alarmTime = ((ulong)_alarmHigh << 32) | (uint)value;
                Arm();
                break;
            case 0x0C:
                _alarmHigh = (uint)value;
                break;
            case 0x10:
                _enabled = (value & 1) != 0;
                break;
            case 0x14: // CLEAR_ALARM
                _armed = false;
                _alarm.Cancel();
                break;
            case 0x1C: // CLEAR_INTERRUPT
                _pending = false;
                break;
        }

        Irq.Set(_pending && _enabled);
    }

    /// <summary>Alarm and interrupt off; time goes on.</summary>
    public void Reset()
    {
        _armed = _enabled = _pending = false;
        _alarm.Cancel();
        Irq.Set(false);
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _offset);
        s.Value(ref _alarmTime);
        s.Value(ref _latchedHigh);
        s.Value(ref _alarmHigh);
        s.Value(ref _armed);
        s.Value(ref _enabled);
        s.Value(ref _pending);
        Irq.Set(_pending && _enabled);
    }

    private void Arm()
    {
        ulong now = Now;
        if (_alarmTime <= now)
        {
            Ring();
            return;
        }

        _armed = true;
        ulong due = _alarmTime - (ulong)_offset;
        if (due < long.MaxValue)
            _alarm.ScheduleAt((long)due);
    }

    private void Ring()
    {
        _armed = false;
        _pending = true;
        Irq.Set(_enabled);
    }
}
