namespace Emulator.Machines;

/// <summary>One 8237A DMA controller's registers (Intel 8237A data sheet, order number 231466). No device of this machine requests transfers.</summary>
public sealed class Dma8237 : IPortDevice, ISnapshotPart
{
    private readonly ushort _base;
    private readonly int _shift;
    private readonly ushort[] _baseAddress = new ushort[4], _baseCount = new ushort[4], _address = new ushort[4], _count = new ushort[4];
    private readonly byte[] _modes = new byte[4];
    private byte _command, _status, _mask = 0x0F, _requests, _temporary;
    private bool _highByte;

    /// <summary>Creates a controller.</summary>
    /// <param name="firstPort">0 for channels 0 to 3, C0 for 4 to 7.</param>
    /// <param name="shift">1 when the registers lie two ports apart (the second controller).</param>
    public Dma8237(ushort firstPort, int shift)
    {
        _base = firstPort;
        _shift = shift;
        Ports = [new PortRange(firstPort, 16 << shift)];
    }

    /// <inheritdoc/>
    public string PartName => $"dma.{_base:x}";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; }

    /// <summary>Mask bits of the four channels.</summary>
    public int Mask => _mask;

    /// <summary>Mode register of a channel.</summary>
    public byte Mode(int channel) => _modes[channel & 3];

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        int register = ((port - _base) >> _shift) & 15;
        if (register < 8)
        {
            ushort value = (register & 1) == 0 ? _address[register >> 1] : _count[register >> 1];
            return Toggle() ? (uint)(value >> 8) : (byte)value;
        }

        switch (register)
        {
            case 8:
                byte status = _status;
                _status &= 0xF0; // terminal counts are cleared by a read
                return status;
            case 13:
                return _temporary;
            case 15:
                return (uint)(_mask | 0xF0);
            default:
                return 0xFF;
        }
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        int register = ((port - _base) >> _shift) & 15;
        byte data = (byte)value;
        if (register < 8)
        {
            bool high = Toggle();
            int channel = register >> 1;
            bool isAddress = (register & 1) == 0;
            ref ushort first = ref isAddress ? ref _baseAddress[channel] : ref _baseCount[channel];
            first = high ? (ushort)((first & 0x00FF) | (data << 8)) : (ushort)((first & 0xFF00) | data);
            (isAddress ? _address : _count)[channel] = first;
            return;
        }

        byte bit = (byte)(1 << (data & 3));
        switch (register)
        {
            case 8:
                _command = data;
                break;
            case 9:
                _requests = (data & 4) != 0 ? (byte)(_requests | bit) : (byte)(_requests & ~bit);
                break;
            case 10:
                _mask = (data & 4) != 0 ? (byte)(_mask | bit) : (byte)(_mask & ~bit);
                break;
            case 11:
                _modes[data & 3] = (byte)(data & 0xFC);
                break;
            case 12:
                _highByte = false;
                break;
            case 13:
                Reset();
                break;
            case 14:
                _mask = 0;
                break;
            default:
                _mask = (byte)(data & 0x0F);
                break;
        }
    }

    /// <summary>Master clear.</summary>
    public void Reset()
    {
        _command = _status = _requests = _temporary = 0;
        _highByte = false;
        _mask = 0x0F;
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Values<ushort>(_baseAddress);
        s.Values<ushort>(_baseCount);
        s.Values<ushort>(_address);
        s.Values<ushort>(_count);
        s.Values<byte>(_modes);
        s.Value(ref _command);
        s.Value(ref _status);
        s.Value(ref _mask);
        s.Value(ref _requests);
        s.Value(ref _temporary);
        s.Value(ref _highByte);
    }

    private bool Toggle()
    {
        bool high = _highByte;
        _highByte = !high;
        return high;
    }
}
