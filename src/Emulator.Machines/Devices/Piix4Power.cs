using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>The PIIX4 power management function (Intel 82371AB data sheet, order number 290562): the ACPI registers at PMBASE with the 3.579545 MHz timer, and the APM ports B2/B3.</summary>
/// <remarks>There is no system management mode. DEVACTB comes up with APMC_EN set, as after a firmware that has installed its handler, and the two commands of that handler
/// (F1: ACPI on, F0: ACPI off) are carried out here.</remarks>
public sealed class Piix4Power : PciFunction, IBusDevice, IPortDevice
{
    /// <summary>Frequency of the power management timer in hertz.</summary>
    public const long TimerFrequency = 3_579_545;

    private const int PmBase = 0x40, PmRegMisc = 0x80;
    private const int BlockSize = 64;
    private const ushort TimerStatus = 0x0001, PowerButton = 0x0100;
    private const ushort SciEnable = 0x0001, SleepEnable = 0x2000;

    private readonly MachineClock _clock;
    private readonly MachineTimer _overflow;
    private readonly PortBus _ports;
    private readonly Action _powerOff;
    private readonly byte[] _other = new byte[BlockSize];
    private int _mappedAt = -1;
    private ushort _status, _enable, _control;
    private byte _apmCommand, _apmStatus;
    private long _seenHalf;

    /// <summary>Creates the function.</summary>
    /// <param name="clock">Machine time.</param>
    /// <param name="ports">Where the register block appears at PMBASE.</param>
    /// <param name="powerOff">Called when the guest switches the machine off.</param>
    public Piix4Power(MachineClock clock, PortBus ports, Action powerOff)
        : base(0x8086, 0x7113, 0x068000, 0x03)
    {
        _clock = clock;
        _ports = ports;
        _powerOff = powerOff;
        _overflow = clock.CreateTimer("pm", Update);
        Define16(0x04, 0x0000, 0x0001);
        Define16(0x06, 0x0280, 0);
        Define16(0x2C, 0x1AF4, 0);
        Define16(0x2E, 0x1100, 0);
        Define8(0x3D, 0x01, 0);
        Define32(PmBase, 0x0000_0001, 0x0000_FFC0);
        Define32(0x58, 0x0200_0000, 0xFFFF_FFFF); // DEVACTB
        Define8(PmRegMisc, 0x00, 0x01);
        Define32(0x90, 0x0000_0001, 0x0000_FFF0); // SMBus base
        Define8(0xD2, 0x00, 0x0F);
    }

    /// <inheritdoc/>
    public override string PartName => "piix4.pm";

    /// <inheritdoc/>
    public int MaxAccessSize => 4;

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0xB2, 2)];

    /// <summary>The system control interrupt (IRQ 9).</summary>
    public Signal Sci { get; } = new();

    /// <summary>The power management timer, 24 bits.</summary>
    public uint Timer => (uint)MachineClock.TicksAt(_clock.Now, TimerFrequency) & 0xFF_FFFF;

    /// <summary>Presses the power button: an operating system with ACPI shuts down.</summary>
    public void PressPowerButton()
    {
        _status |= PowerButton;
        Update();
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        Update();
        ulong value = 0;
        for (int i = 0; i < size; i++)
            value |= (ulong)Byte((int)offset + i) << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        Update();
        for (int i = 0; i < size; i++)
            SetByte((int)offset + i, (byte)(value >> (8 * i)));
        if ((_control & SleepEnable) != 0)
        {
            _control &= unchecked((ushort)~SleepEnable);
            if ((_control & 0x1C00) == 0)
                _powerOff(); // SUS_TYP 0: soft off
        }

        Update();
    }

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => port == 0xB2 ? _apmCommand : _apmStatus;

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        if (port != 0xB2)
        {
            _apmStatus = (byte)value;
            return;
        }

        _apmCommand = (byte)value;
        if (_apmCommand == 0xF1)
            _control |= SciEnable;
        else if (_apmCommand == 0xF0)
            _control &= unchecked((ushort)~SciEnable);
        Update();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _status = _enable = _control = 0;
        _apmCommand = _apmStatus = 0;
        Array.Clear(_other);
        base.Reset();
        Update();
    }

    /// <inheritdoc/>
    public override void Transfer(SnapshotStream s)
    {
        s.Value(ref _status);
        s.Value(ref _enable);
        s.Value(ref _control);
        s.Value(ref _apmCommand);
        s.Value(ref _apmStatus);
        s.Value(ref _seenHalf);
        s.Values<byte>(_other);
        base.Transfer(s);
        if (s.IsLoading)
            DriveSci();
    }

    private protected override void ConfigWritten(int offset, int size)
    {
        int address = (Config[PmRegMisc] & 1) != 0 ? (int)(Config32(PmBase) & 0xFFC0) : -1;
        if (address == _mappedAt)
            return;
        if (_mappedAt >= 0)
            _ports.Unmap(this);
        _mappedAt = address;
        if (address >= 0)
            _ports.Map(address, BlockSize, this);
    }

    private byte Byte(int offset) => offset switch
    {
        0 or 1 => (byte)(_status >> (8 * offset)),
        2 or 3 => (byte)(_enable >> (8 * (offset - 2))),
        4 or 5 => (byte)(_control >> (8 * (offset - 4))),
        >= 8 and <= 11 => (byte)(Timer >> (8 * (offset - 8))),
        < BlockSize => _other[offset],
        _ => 0xFF,
    };

    private void SetByte(int offset, byte value)
    {
        switch (offset)
        {
            case 0 or 1: // written ones clear
                _status &= (ushort)~(value << (8 * offset));
                break;
            case 2 or 3:
                SetHalf(ref _enable, offset & 1, value);
                break;
            case 4 or 5:
                SetHalf(ref _control, offset & 1, value);
                break;
            case >= 0x0C and <= 0x0D or >= 0x18 and <= 0x1F: // other status registers
                _other[offset] &= (byte)~value;
                break;
            case > 11 and < BlockSize:
                _other[offset] = value;
                break;
        }
    }

    private static void SetHalf(ref ushort register, int half, byte value)
    {
        register = half == 0 ? (ushort)((register & 0xFF00) | value) : (ushort)((register & 0x00FF) | (value << 8));
    }

    private void Update()
    {
        // TMR_STS is set whenever bit 23 of the timer changes.
        long half = MachineClock.TicksAt(_clock.Now, TimerFrequency) >> 23;
        if (half != _seenHalf)
        {
            _seenHalf = half;
            _status |= TimerStatus;
        }

        bool wanted = (_control & SciEnable) != 0 && (_enable & TimerStatus) != 0 && (_status & TimerStatus) == 0;
        _overflow.ScheduleAt(wanted ? MachineClock.TimeOfTick((half + 1) << 23, TimerFrequency) : MachineTimer.Never);
        DriveSci();
    }

    private void DriveSci() => Sci.Set((_control & SciEnable) != 0 && (_status & _enable) != 0);
}
