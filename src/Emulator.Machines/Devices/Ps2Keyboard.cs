namespace Emulator.Machines;

/// <summary>A PS/2 keyboard with scan code sets 1 and 2 (IBM PS/2 technical reference, 101/102-key keyboard); set 3 is refused.</summary>
public sealed class Ps2Keyboard : Ps2Device, ISnapshotPart
{
    /// <summary>Time between two key events the host injected, so that firmware with a buffer of 15 keys keeps up.</summary>
    private const long KeyInterval = 10_000_000;

    private const int BufferSize = 16;
    private const uint DownFlag = 0x10000;

    private readonly Queue<uint> _keys = new();
    private readonly MachineTimer _keyTimer;
    private byte _parameterOf;
    private byte _set = 2;
    private byte _typematic = 0x2B;
    private byte _leds;
    private bool _scanning = true;

    /// <summary>Creates a keyboard.</summary>
    public Ps2Keyboard(MachineClock clock) => _keyTimer = clock.CreateTimer("keyboard", NextKey);

    /// <inheritdoc/>
    public string PartName => "keyboard";

    /// <summary>Lights: bit 0 scroll lock, 1 num lock, 2 caps lock.</summary>
    public int Leds => _leds;

    /// <summary>Key events that wait until the guest takes them.</summary>
    public int PendingKeys => _keys.Count;

    /// <summary>Presses or releases a key, named by its make code in set 1 (E0 or E1 in the high byte: 0xE048 is cursor up).</summary>
    public void Key(ushort makeCode, bool down)
    {
        _keys.Enqueue(makeCode | (down ? DownFlag : 0));
        StartKeys();
    }

    /// <summary>Types text on a US layout: line feeds are Enter, control characters Ctrl and a letter.</summary>
    /// <returns>Number of characters the layout does not have; they are left out.</returns>
    public int Type(string text)
    {
        int missing = 0;
        foreach (char character in text)
        {
            if (!UsKeyboardLayout.TryFind(character, out ushort key, out bool shift, out bool control))
            {
                missing++;
                continue;
            }

            if (shift)
                Key(UsKeyboardLayout.LeftShift, down: true);
            if (control)
                Key(UsKeyboardLayout.LeftControl, down: true);
            Key(key, down: true);
            Key(key, down: false);
            if (control)
                Key(UsKeyboardLayout.LeftControl, down: false);
            if (shift)
                Key(UsKeyboardLayout.LeftShift, down: false);
        }

        return missing;
    }

    /// <inheritdoc/>
    public override void Receive(byte value)
    {
        byte command = _parameterOf;
        _parameterOf = 0;
        if (command != 0 && value < 0xED)
        {
            Parameter(command, value);
            return;
        }

        switch (value)
        {
            case 0xED or 0xF0 or 0xF3: // lights, scan code set, typematic rate: a parameter follows
                _parameterOf = value;
                Send(Ack);
                break;
            case 0xEE: // echo
                Send(0xEE);
                break;
            case 0xF2: // identify: MF II
                Send(Ack, 0xAB, 0x83);
                break;
            case 0xF4: // enable scanning
                ClearOutput();
                _scanning = true;
                Send(Ack);
                StartKeys();
                break;
            case 0xF5: // defaults, scanning off
                ClearOutput();
                Defaults();
                _scanning = false;
                Send(Ack);
                break;
            case 0xF6: // defaults, scanning on
                ClearOutput();
                Defaults();
                _scanning = true;
                Send(Ack);
                break;
            case >= 0xF7 and <= 0xFA: // key types of set 3
                Send(Ack);
                break;
            case 0xFE:
                SendAgain();
                break;
            case 0xFF: // reset and self test
                ClearOutput();
                Defaults();
                _scanning = true;
                _leds = 0;
                Send(Ack, SelfTestPassed);
                StartKeys();
                break;
            default:
                Send(Resend);
                break;
        }
    }

    /// <summary>Power-on: what waited is gone, scanning is on.</summary>
    public void Reset()
    {
        ClearOutput();
        Defaults();
        _keys.Clear();
        _keyTimer.Cancel();
        _parameterOf = _leds = 0;
        _scanning = true;
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        TransferQueue(s);
        s.Queue(_keys);
        s.Value(ref _parameterOf);
        s.Value(ref _set);
        s.Value(ref _typematic);
        s.Value(ref _leds);
        s.Value(ref _scanning);
    }

    private void Parameter(byte command, byte value)
    {
        switch (command)
        {
            case 0xED:
                _leds = (byte)(value & 7);
                Send(Ack);
                break;
            case 0xF3:
                _typematic = (byte)(value & 0x7F);
                Send(Ack);
                break;
            default:
                if (value == 0)
                    Send(Ack, _set);
                else if (value is 1 or 2)
                {
                    _set = value;
                    Send(Ack);
                }
                else
                {
                    Send(Resend);
                }

                break;
        }
    }

    private void Defaults()
    {
        _set = 2;
        _typematic = 0x2B;
    }

    private void StartKeys()
    {
        if (_scanning && _keys.Count > 0 && _keyTimer.Due == MachineTimer.Never)
            _keyTimer.ScheduleIn(KeyInterval);
    }

    private void NextKey()
    {
        if (!_scanning || _keys.Count == 0)
            return;
        if (OutputCount == 0)
        {
            uint entry = _keys.Dequeue();
            byte[] bytes = ScanCodes.Sequence((ushort)entry, (entry & DownFlag) != 0, _set);
            if (bytes.Length <= BufferSize)
                Send(bytes);
        }

        StartKeys();
    }
}
