namespace Emulator.Machines;

/// <summary>A 16550A serial port (National Semiconductor PC16550D data sheet).</summary>
/// <remarks>Bytes leave at once, so the transmitter is always empty again; received bytes arrive at the speed of the divisor.</remarks>
public sealed class Uart16550 : IPortDevice, ISnapshotPart
{
    private const int FifoSize = 16;
    private const byte DataReady = 0x01, Overrun = 0x02, ErrorBits = 0x1E;
    private const byte Dlab = 0x80, Loopback = 0x10, Out2 = 0x08;

    /// <summary>Character times without a read after which a partly filled FIFO interrupts.</summary>
    private const int TimeoutCharacters = 4;

    private readonly ushort _base;
    private readonly Action<byte> _sink;
    private readonly MachineTimer _receiveTimer, _timeoutTimer;
    private readonly Queue<byte> _fifo = new();
    private readonly Queue<byte> _host = new();
    private ushort _divisor = 12;
    private byte _ier, _fcr, _lcr, _mcr, _scratch, _lastReceived;
    private byte _lineErrors, _modemDelta;
    private bool _thrEmptyPending, _timeout, _connected;

    /// <summary>Creates a port.</summary>
    /// <param name="clock">Machine time.</param>
    /// <param name="firstPort">First of its eight I/O ports (3F8 for COM1).</param>
    /// <param name="sink">Takes every byte sent.</param>
    /// <param name="connected">Whether something answers on the line: raises CTS, DSR and DCD.</param>
    public Uart16550(MachineClock clock, ushort firstPort, Action<byte> sink, bool connected = true)
    {
        _base = firstPort;
        _sink = sink;
        _connected = connected;
        _receiveTimer = clock.CreateTimer("uart.receive", ReceiveNext);
        _timeoutTimer = clock.CreateTimer("uart.timeout", CharacterTimeout);
        Ports = [new PortRange(firstPort, 8)];
    }

    /// <inheritdoc/>
    public string PartName => $"uart.{_base:x}";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; }

    /// <summary>The interrupt request, which OUT2 enables on a PC.</summary>
    public Signal Irq { get; } = new();

    /// <summary>Bits per second the divisor selects, at a clock of 1.8432 MHz.</summary>
    public int BaudRate => 115_200 / Math.Max(1, (int)_divisor);

    /// <summary>Bytes the host has put on the line and the guest has not received.</summary>
    public int PendingInput => _host.Count;

    private bool FifoOn => (_fcr & 1) != 0;

    private bool InLoopback => (_mcr & Loopback) != 0;

    private int Capacity => FifoOn ? FifoSize : 1;

    private int Trigger => FifoOn ? (_fcr >> 6) switch { 0 => 1, 1 => 4, 2 => 8, _ => 14 } : 1;

    /// <summary>Nanoseconds of one character: start bit, data, parity and stop bits.</summary>
    private long CharacterTime
    {
        get
        {
            int bits = 1 + 5 + (_lcr & 3) + ((_lcr & 8) != 0 ? 1 : 0) + ((_lcr & 4) != 0 ? 2 : 1);
            return bits * 1_000_000_000L / BaudRate;
        }
    }

    /// <summary>Modem inputs as bits 4 to 7 of the modem status register: CTS, DSR, RI, DCD.</summary>
    private byte ModemInputs
    {
        get
        {
            if (!InLoopback)
                return (byte)(_connected ? 0xB0 : 0);

            // Loopback connects RTS to CTS, DTR to DSR, OUT1 to RI, OUT2 to DCD.
            return (byte)(((_mcr & 2) << 3) | ((_mcr & 1) << 5) | ((_mcr & 0x0C) << 4));
        }
    }

    /// <summary>Puts bytes on the line to the guest.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _host.Enqueue(value);
        if (_host.Count > 0 && _receiveTimer.Due == MachineTimer.Never)
            _receiveTimer.ScheduleIn(CharacterTime);
    }

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        switch (port - _base)
        {
            case 0:
                return (_lcr & Dlab) != 0 ? (byte)_divisor : ReadData();
            case 1:
                return (_lcr & Dlab) != 0 ? (uint)(_divisor >> 8) : _ier;
            case 2:
                return ReadInterruptId();
            case 3:
                return _lcr;
            case 4:
                return _mcr;
            case 5:
                byte status = (byte)(0x60 | _lineErrors | (_fifo.Count > 0 ? DataReady : 0) | (FifoOn && (_lineErrors & 0x1C) != 0 ? 0x80 : 0));
                _lineErrors = 0;
                Update();
                return status;
            case 6:
                byte modem = (byte)(ModemInputs | _modemDelta);
                _modemDelta = 0;
                Update();
                return modem;
            default:
                return _scratch;
        }
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        byte data = (byte)value;
        switch (port - _base)
        {
            case 0 when (_lcr & Dlab) != 0:
                _divisor = (ushort)((_divisor & 0xFF00) | data);
                break;
            case 1 when (_lcr & Dlab) != 0:
                _divisor = (ushort)((_divisor & 0x00FF) | (data << 8));
                break;
            case 0:
                Transmit(data);
                break;
            case 1:
                // Enabling the transmitter interrupt while the register is empty requests it at once.
                if ((data & 2) != 0 && (_ier & 2) == 0)
                    _thrEmptyPending = true;
                _ier = (byte)(data & 0x0F);
                break;
            case 2:
                WriteFifoControl(data);
                break;
            case 3:
                _lcr = data;
                break;
            case 4:
                byte before = ModemInputs;
                _mcr = (byte)(data & 0x1F);
                SetModemDelta(before, ModemInputs);
                break;
            case 7:
                _scratch = data;
                break;
        }

        Update();
    }

    /// <summary>Master reset.</summary>
    public void Reset()
    {
        _ier = _fcr = _lcr = _mcr = _lineErrors = _modemDelta = 0;
        _thrEmptyPending = _timeout = false;
        _fifo.Clear();
        _timeoutTimer.Cancel();
        Update();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Queue(_fifo, FifoSize);
        s.Queue(_host);
        s.Value(ref _divisor);
        s.Value(ref _ier);
        s.Value(ref _fcr);
        s.Value(ref _lcr);
        s.Value(ref _mcr);
        s.Value(ref _scratch);
        s.Value(ref _lastReceived);
        s.Value(ref _lineErrors);
        s.Value(ref _modemDelta);
        s.Value(ref _thrEmptyPending);
        s.Value(ref _timeout);
        s.Value(ref _connected);
        if (s.IsLoading)
            Update();
    }

    private byte ReadData()
    {
        _timeout = false;
        if (_fifo.Count > 0)
            _lastReceived = _fifo.Dequeue();
        StartTimeout();
        Update();
        return _lastReceived;
    }

    private void Transmit(byte data)
    {
        if (InLoopback)
            Store(data);
        else
            _sink(data);
        _thrEmptyPending = true;
    }

    private void WriteFifoControl(byte data)
    {
        bool switched = ((data ^ _fcr) & 1) != 0;
        if (switched || (data & 3) == 3)
        {
            _fifo.Clear();
            _timeout = false;
            _timeoutTimer.Cancel();
        }

        // "Bit 0 must be a 1 when other FCR bits are written to or they will not be programmed."
        _fcr = (data & 1) != 0 ? (byte)(data & 0xC9) : (byte)0;
    }

    private void Store(byte value)
    {
        if (_fifo.Count >= Capacity)
        {
            _lineErrors |= Overrun;
            if (FifoOn)
                return;
            _fifo.Clear(); // the receiver buffer is overwritten
        }

        _fifo.Enqueue(value);
        StartTimeout();
    }

    private void StartTimeout()
    {
        if (FifoOn && _fifo.Count > 0)
            _timeoutTimer.ScheduleIn(TimeoutCharacters * CharacterTime);
        else
            _timeoutTimer.Cancel();
    }

    private void ReceiveNext()
    {
        // The host waits while the guest does not read: nothing is lost on this line.
        if (_host.Count > 0 && _fifo.Count < Capacity && !InLoopback)
        {
            Store(_host.Dequeue());
            Update();
        }

        if (_host.Count > 0)
            _receiveTimer.ScheduleIn(CharacterTime);
    }

    private void CharacterTimeout()
    {
        _timeout = FifoOn && _fifo.Count > 0;
        Update();
    }

    private void SetModemDelta(byte before, byte after)
    {
        int changed = (before ^ after) >> 4;
        int ringEnded = before & ~after & 0x40;
        _modemDelta |= (byte)((changed & 0x0B) | (ringEnded >> 4));
    }

    private int InterruptId()
    {
        if ((_ier & 4) != 0 && (_lineErrors & ErrorBits) != 0)
            return 0x06;
        if ((_ier & 1) != 0 && _fifo.Count >= Trigger)
            return 0x04;
        if ((_ier & 1) != 0 && _timeout)
            return 0x0C;
        if ((_ier & 2) != 0 && _thrEmptyPending)
            return 0x02;
        return (_ier & 8) != 0 && _modemDelta != 0 ? 0x00 : 0x01;
    }

    private byte ReadInterruptId()
    {
        int id = InterruptId();
        if (id == 0x02)
        {
            _thrEmptyPending = false; // reading the identification of this source clears it
            Update();
        }

        return (byte)(id | (FifoOn ? 0xC0 : 0));
    }

    private void Update() => Irq.Set((_mcr & Out2) != 0 && InterruptId() != 1);
}
