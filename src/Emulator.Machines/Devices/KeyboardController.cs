namespace Emulator.Machines;

/// <summary>The 8042 keyboard controller of a PS/2 (ports 60 and 64; IBM PS/2 technical reference, keyboard and auxiliary device controller).</summary>
/// <remarks>Commands are carried out at once. A byte from a device takes <see cref="ByteTime"/> on its way, so that a driver that reads port 60 twice sees the same byte twice.</remarks>
public sealed class KeyboardController : IPortDevice, ISnapshotPart
{
    /// <summary>Nanoseconds a byte from the keyboard or mouse takes (11 bits at about 12 kHz).</summary>
    public const long ByteTime = 900_000;

    private const byte OutputFull = 0x01, SystemFlag = 0x04, CommandLast = 0x08, NotLocked = 0x10, AuxFull = 0x20;
    private const byte KeyboardInterrupt = 0x01, AuxInterrupt = 0x02, KeyboardOff = 0x10, AuxOff = 0x20, TranslateOn = 0x40;

    private readonly MachineTimer _timer;
    private readonly A20Gate _a20;
    private readonly Action _reset;
    private readonly Queue<byte> _answers = new();
    private readonly byte[] _ram = new byte[32]; // byte 0 is the command byte
    private byte _output, _parameterOf;
    private bool _full, _fromAux, _lastWasCommand, _releasing;

    /// <summary>Creates the controller with its two devices.</summary>
    /// <param name="clock">Machine time.</param>
    /// <param name="a20">Driven by output port bit 1.</param>
    /// <param name="reset">Called when output port bit 0 is pulsed low: resets the processor.</param>
    public KeyboardController(MachineClock clock, A20Gate a20, Action reset)
    {
        _a20 = a20;
        _reset = reset;
        _timer = clock.CreateTimer("i8042", TakeFromDevice);
        Keyboard = new Ps2Keyboard(clock) { OutputReady = Schedule };
        Mouse = new Ps2Mouse { OutputReady = Schedule };
        Reset();
    }

    /// <inheritdoc/>
    public string PartName => "i8042";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x60, 1), new(0x64, 1)];

    /// <summary>The keyboard.</summary>
    public Ps2Keyboard Keyboard { get; }

    /// <summary>The mouse.</summary>
    public Ps2Mouse Mouse { get; }

    /// <summary>IRQ 1: the output buffer holds a byte of the keyboard or the controller.</summary>
    public Signal KeyboardIrq { get; } = new();

    /// <summary>IRQ 12: the output buffer holds a byte of the mouse.</summary>
    public Signal MouseIrq { get; } = new();

    private ref byte CommandByte => ref _ram[0];

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        if ((port & 4) != 0)
            return Status();
        byte value = _output;
        if (_full)
        {
            _full = false;
            UpdateIrqs();
            if (_answers.Count > 0)
                Fill(_answers.Dequeue(), aux: false);
            else
                Schedule();
        }

        return value;
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        if ((port & 4) != 0)
        {
            _lastWasCommand = true;
            _parameterOf = 0;
            Command((byte)value);
            return;
        }

        _lastWasCommand = false;
        byte command = _parameterOf;
        _parameterOf = 0;
        if (command == 0)
        {
            CommandByte &= unchecked((byte)~KeyboardOff); // "a write to port 60 enables the keyboard"
            Keyboard.Receive((byte)value);
        }
        else
        {
            Parameter(command, (byte)value);
        }

        Schedule();
    }

    /// <summary>Power-on or bus reset.</summary>
    public void Reset()
    {
        _answers.Clear();
        _timer.Cancel();
        Array.Clear(_ram);
        CommandByte = KeyboardInterrupt | AuxInterrupt | TranslateOn;
        _full = _fromAux = _lastWasCommand = _releasing = false;
        _output = _parameterOf = 0;
        Keyboard.Reset();
        Mouse.Reset();
        UpdateIrqs();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Queue(_answers);
        s.Values<byte>(_ram);
        s.Value(ref _output);
        s.Value(ref _parameterOf);
        s.Value(ref _full);
        s.Value(ref _fromAux);
        s.Value(ref _lastWasCommand);
        s.Value(ref _releasing);
        Keyboard.Transfer(s);
        Mouse.Transfer(s);
        if (s.IsLoading)
            UpdateIrqs();
    }

    private byte Status() => (byte)(NotLocked | (CommandByte & SystemFlag) | (_full ? OutputFull : 0) | (_lastWasCommand ? CommandLast : 0)
        | (_full && _fromAux ? AuxFull : 0));

    private void Command(byte command)
    {
        switch (command)
        {
            case >= 0x20 and <= 0x3F: // read controller memory
                Answer(_ram[command & 0x1F]);
                break;
            case >= 0x60 and <= 0x7F: // write controller memory
            case >= 0xD1 and <= 0xD4: // write output port, keyboard output, mouse output, to the mouse
                _parameterOf = command;
                break;
            case 0xA4: // password installed?
                Answer(0xF1);
                break;
            case 0xA7:
                CommandByte |= AuxOff;
                break;
            case 0xA8:
                CommandByte &= unchecked((byte)~AuxOff);
                break;
            case 0xA9 or 0xAB: // interface tests: no error
                Answer(0x00);
                break;
            case 0xAA: // self test
                CommandByte |= SystemFlag | KeyboardOff | AuxOff;
                Answer(0x55);
                break;
            case 0xAD:
                CommandByte |= KeyboardOff;
                break;
            case 0xAE:
                CommandByte &= unchecked((byte)~KeyboardOff);
                break;
            case 0xC0: // input port: keyboard not inhibited, colour display
                Answer(0xBF);
                break;
            case 0xD0:
                Answer(OutputPort());
                break;
            case 0xDD or 0xDF: // A20 off, on (as HP's controllers)
                _a20.Keyboard = command == 0xDF;
                break;
            case 0xE0: // test inputs: clocks are high unless the interface is off
                Answer((byte)(((CommandByte & KeyboardOff) == 0 ? 1 : 0) | ((CommandByte & AuxOff) == 0 ? 2 : 0)));
                break;
            case >= 0xF0: // pulse output port bits that are 0 here; only bit 0, the reset, is connected
                if ((command & 1) == 0)
                    _reset();
                break;
        }

        UpdateIrqs();
        Schedule();
    }

    private void Parameter(byte command, byte value)
    {
        switch (command)
        {
            case >= 0x60 and <= 0x7F:
                _ram[command & 0x1F] = value;
                UpdateIrqs();
                break;
            case 0xD1:
                _a20.Keyboard = (value & 2) != 0;
                if ((value & 1) == 0)
                    _reset();
                break;
            case 0xD2:
                Answer(value);
                break;
            case 0xD3:
                Fill(value, aux: true);
                break;
            case 0xD4:
                CommandByte &= unchecked((byte)~AuxOff);
                Mouse.Receive(value);
                break;
        }
    }

    private byte OutputPort() => (byte)(0xC1 | (_a20.Keyboard ? 2 : 0) | (KeyboardIrq.Level ? 0x10 : 0) | (MouseIrq.Level ? 0x20 : 0));

    private void Answer(byte value)
    {
        if (_full)
            _answers.Enqueue(value);
        else
            Fill(value, aux: false);
    }

    private void Fill(byte value, bool aux)
    {
        _output = value;
        _fromAux = aux;
        _full = true;
        UpdateIrqs();
    }

    private void Schedule()
    {
        bool waiting = (Keyboard.HasOutput && (CommandByte & KeyboardOff) == 0) || (Mouse.HasOutput && (CommandByte & AuxOff) == 0);
        if (waiting && !_full && _timer.Due == MachineTimer.Never)
            _timer.ScheduleIn(ByteTime);
    }

    private void TakeFromDevice()
    {
        if (_full)
            return;
        if (Keyboard.HasOutput && (CommandByte & KeyboardOff) == 0)
        {
            TakeFromKeyboard();
            if (!_full)
                Schedule(); // a release prefix was swallowed
        }
        else if (Mouse.HasOutput && (CommandByte & AuxOff) == 0)
        {
            Fill(Mouse.TakeOutput(), aux: true);
        }
    }

    private void TakeFromKeyboard()
    {
        byte value = Keyboard.TakeOutput();
        if ((CommandByte & TranslateOn) == 0)
        {
            Fill(value, aux: false);
        }
        else if (value == 0xF0)
        {
            // Set 2 marks a release by a prefix, set 1 by bit 7.
            _releasing = true;
        }
        else
        {
            byte code = ScanCodes.Translate(value);
            Fill((byte)(_releasing ? code | 0x80 : code), aux: false);
            _releasing = false;
        }
    }

    private void UpdateIrqs()
    {
        KeyboardIrq.Set(_full && !_fromAux && (CommandByte & KeyboardInterrupt) != 0);
        MouseIrq.Set(_full && _fromAux && (CommandByte & AuxInterrupt) != 0);
    }
}
