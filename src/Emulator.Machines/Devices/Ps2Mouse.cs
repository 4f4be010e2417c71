namespace Emulator.Machines;

/// <summary>A PS/2 mouse with three buttons and, after the known sample-rate knock, a wheel (IBM PS/2 technical reference, mouse; Microsoft IntelliMouse extension).</summary>
public sealed class Ps2Mouse : Ps2Device, ISnapshotPart
{
    private byte _parameterOf, _sampleRate = 100, _resolution = 2, _id, _buttons;
    private bool _reporting, _remote, _wrap, _doubleScale;
    private int _x, _y, _wheel;
    private uint _knock;

    /// <inheritdoc/>
    public string PartName => "mouse";

    /// <summary>Moves the mouse and sets its buttons.</summary>
    /// <param name="x">Counts to the right.</param>
    /// <param name="y">Counts upwards.</param>
    /// <param name="buttons">Bit 0 left, 1 right, 2 middle.</param>
    /// <param name="wheel">Notches towards the user.</param>
    public void Move(int x, int y, int buttons, int wheel = 0)
    {
        _x = Math.Clamp(_x + x, -2048, 2047);
        _y = Math.Clamp(_y + y, -2048, 2047);
        _wheel = Math.Clamp(_wheel + wheel, -64, 63);
        _buttons = (byte)(buttons & 7);
        if (_reporting && !_remote && !_wrap && OutputCount == 0)
            SendPacket();
    }

    /// <inheritdoc/>
    public override void Receive(byte value)
    {
        if (_wrap && value is not (0xEC or 0xFF))
        {
            Send(value);
            return;
        }

        byte command = _parameterOf;
        _parameterOf = 0;
        if (command != 0)
        {
            Parameter(command, value);
            return;
        }

        switch (value)
        {
            case 0xE6 or 0xE7: // scaling 1:1, 2:1
                _doubleScale = value == 0xE7;
                Send(Ack);
                break;
            case 0xE8 or 0xF3: // resolution, sample rate: a parameter follows
                _parameterOf = value;
                Send(Ack);
                break;
            case 0xE9: // status
                Send(Ack, Status(), _resolution, _sampleRate);
                break;
            case 0xEA or 0xF0: // stream mode, remote mode
                _remote = value == 0xF0;
                Send(Ack);
                break;
            case 0xEB: // read data
                Send(Ack);
                SendPacket();
                break;
            case 0xEC: // leave wrap mode
                _wrap = false;
                Send(Ack);
                break;
            case 0xEE:
                _wrap = true;
                Send(Ack);
                break;
            case 0xF2: // identify
                Send(Ack, _id);
                break;
            case 0xF4 or 0xF5: // reporting on, off
                _reporting = value == 0xF4;
                Send(Ack);
                break;
            case 0xF6:
                Defaults();
                Send(Ack);
                break;
            case 0xFE:
                SendAgain();
                break;
            case 0xFF:
                ClearOutput();
                Defaults();
                _id = 0;
                Send(Ack, SelfTestPassed, _id);
                break;
            default:
                Send(Resend);
                break;
        }
    }

    /// <summary>Power-on: nothing waits, reporting is off.</summary>
    public void Reset()
    {
        ClearOutput();
        Defaults();
        _id = 0;
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        TransferQueue(s);
        s.Value(ref _parameterOf);
        s.Value(ref _sampleRate);
        s.Value(ref _resolution);
        s.Value(ref _id);
        s.Value(ref _buttons);
        s.Value(ref _reporting);
        s.Value(ref _remote);
        s.Value(ref _wrap);
        s.Value(ref _doubleScale);
        s.Value(ref _x);
        s.Value(ref _y);
        s.Value(ref _wheel);
        s.Value(ref _knock);
    }

    private protected override void OutputTaken()
    {
        bool moved = _x != 0 || _y != 0 || _wheel != 0;
        if (moved && OutputCount == 0 && _reporting && !_remote && !_wrap)
            SendPacket();
    }

    private void Parameter(byte command, byte value)
    {
        if (command == 0xE8)
        {
            _resolution = (byte)(value & 3);
        }
        else
        {
            _sampleRate = value;
            _knock = (_knock << 8 | value) & 0xFFFFFF;
            if (_knock == 0xC86450) // rates 200, 100, 80
                _id = 3;
        }

        Send(Ack);
    }

    private void Defaults()
    {
        _sampleRate = 100;
        _resolution = 2;
        _reporting = _remote = _wrap = _doubleScale = false;
        _parameterOf = 0;
        _knock = 0;
        _x = _y = _wheel = 0;
    }

    private byte Status()
    {
        int buttons = ((_buttons & 1) << 2) | ((_buttons & 4) >> 1) | ((_buttons & 2) >> 1);
        return (byte)(buttons | (_doubleScale ? 0x10 : 0) | (_reporting ? 0x20 : 0) | (_remote ? 0x40 : 0));
    }

    private void SendPacket()
    {
        int x = Math.Clamp(_x, -256, 255);
        int y = Math.Clamp(_y, -256, 255);
        int wheel = Math.Clamp(_wheel, -8, 7);
        _x -= x;
        _y -= y;
        _wheel -= wheel;
        byte first = (byte)(0x08 | _buttons | (x < 0 ? 0x10 : 0) | (y < 0 ? 0x20 : 0));
        if (_id == 3)
            Send(first, (byte)x, (byte)y, (byte)wheel);
        else
            Send(first, (byte)x, (byte)y);
    }
}
