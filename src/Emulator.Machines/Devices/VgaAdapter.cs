using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>A VGA on the ISA bus (IBM PS/2 technical reference, video subsystem): registers at 3B4 to 3DA, memory at A0000 to BFFFF.</summary>
public sealed class VgaAdapter : IPortDevice, ISnapshotPart
{
    // Mode 3 timing: 449 lines of 31.778 microseconds make a frame of 70 Hz; 400 of them are shown, and of each line four fifths.
    private const long LineTime = 31_778;
    private const long Lines = 449, ShownLines = 400, RetraceStart = 412, RetraceEnd = 414;

    private readonly MachineClock _clock;
    private readonly VgaRegisters _registers = new();
    private readonly VgaMemory _memory;
    private byte _sequencerIndex, _graphicsIndex, _crtcIndex, _attributeIndex, _feature, _dacMask = 0xFF;
    private bool _attributeData, _dacReading;
    private int _dacAddress;

    /// <summary>Creates the adapter in text mode 3.</summary>
    public VgaAdapter(MachineClock clock)
    {
        _clock = clock;
        _memory = new VgaMemory(_registers);
        Reset();
    }

    /// <inheritdoc/>
    public string PartName => "vga";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x3B4, 2), new(0x3BA, 1), new(0x3C0, 16), new(0x3D4, 2), new(0x3DA, 1)];

    /// <summary>The video memory, to be mapped at A0000 with a length of 128 KB.</summary>
    public IBusDevice Memory => _memory;

    /// <summary>Changes whenever video memory was written.</summary>
    public int Generation => _memory.Generation;

    /// <summary>The text on the screen, or null in a graphics mode.</summary>
    public TextScreen? Text => _registers.TextMode ? TextScreen.Capture(_registers, _memory.Planes) : null;

    /// <summary>Bus reset: registers as after a video BIOS set mode 3, memory kept.</summary>
    public void Reset()
    {
        _registers.Reset();
        _sequencerIndex = _graphicsIndex = _crtcIndex = _attributeIndex = _feature = 0;
        _attributeIndex = 0x20;
        _attributeData = _dacReading = false;
        _dacMask = 0xFF;
        _dacAddress = 0;
    }

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        bool colour = (_registers.MiscOutput & 1) != 0;
        if ((port >= 0x3D0 && !colour) || (port < 0x3C0 && colour))
            return 0xFF;
        switch (port)
        {
            case 0x3B4 or 0x3D4:
                return _crtcIndex;
            case 0x3B5 or 0x3D5:
                return _crtcIndex < 25 ? _registers.Crtc[_crtcIndex] : (byte)0;
            case 0x3BA or 0x3DA:
                _attributeData = false;
                return InputStatus1();
            case 0x3C0:
                return _attributeIndex;
            case 0x3C1:
                return _registers.Attribute[_attributeIndex & 0x1F];
            case 0x3C2:
                return 0x10; // switch sense: a colour monitor
            case 0x3C3:
                return 0x01;
            case 0x3C4:
                return _sequencerIndex;
            case 0x3C5:
                return _registers.Sequencer[_sequencerIndex & 7];
            case 0x3C6:
                return _dacMask;
            case 0x3C7:
                return _dacReading ? 3u : 0u;
            case 0x3C8:
                return (uint)(_dacAddress / 3);
            case 0x3C9:
                uint value = _registers.Palette[_dacAddress];
                _dacAddress = (_dacAddress + 1) % 768;
                return value;
            case 0x3CA:
                return _feature;
            case 0x3CC:
                return _registers.MiscOutput;
            case 0x3CE:
                return _graphicsIndex;
            case 0x3CF:
                return _registers.Graphics[_graphicsIndex & 15];
            default:
                return 0xFF;
        }
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        byte data = (byte)value;
        bool colour = (_registers.MiscOutput & 1) != 0;
        if ((port >= 0x3D0 && !colour) || (port < 0x3C0 && colour))
            return;
        switch (port)
        {
            case 0x3B4 or 0x3D4:
                _crtcIndex = (byte)(data & 0x1F);
                break;
            case 0x3B5 or 0x3D5:
                WriteCrtc(data);
                break;
            case 0x3BA or 0x3DA:
                _feature = data;
                break;
            case 0x3C0:
                if (!_attributeData)
                    _attributeIndex = (byte)(data & 0x3F);
                else
                    _registers.Attribute[_attributeIndex & 0x1F] = data;
                _attributeData = !_attributeData;
                break;
            case 0x3C2:
                _registers.MiscOutput = data;
                break;
            case 0x3C4:
                _sequencerIndex = data;
                break;
            case 0x3C5:
                _registers.Sequencer[_sequencerIndex & 7] = data;
                break;
            case 0x3C6:
                _dacMask = data;
                break;
            case 0x3C7:
                _dacAddress = data * 3;
                _dacReading = true;
                break;
            case 0x3C8:
                _dacAddress = data * 3;
                _dacReading = false;
                break;
            case 0x3C9:
                _registers.Palette[_dacAddress] = (byte)(data & 0x3F);
                _dacAddress = (_dacAddress + 1) % 768;
                break;
            case 0x3CE:
                _graphicsIndex = data;
                break;
            case 0x3CF:
                _registers.Graphics[_graphicsIndex & 15] = data;
                break;
        }
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        _registers.Transfer(s);
        _memory.Transfer(s);
        s.Value(ref _sequencerIndex);
        s.Value(ref _graphicsIndex);
        s.Value(ref _crtcIndex);
        s.Value(ref _attributeIndex);
        s.Value(ref _feature);
        s.Value(ref _dacMask);
        s.Value(ref _attributeData);
        s.Value(ref _dacReading);
        s.Value(ref _dacAddress);
        if (!s.IsLoading)
            return;
        _crtcIndex &= 0x1F;
        _dacAddress = Math.Clamp(_dacAddress, 0, 767);
    }

    private void WriteCrtc(byte data)
    {
        byte[] crtc = _registers.Crtc;
        bool isProtected = (crtc[0x11] & 0x80) != 0;
        if (_crtcIndex < 7 && isProtected)
            return;
        if (_crtcIndex == 7 && isProtected)
            data = (byte)((crtc[7] & ~0x10) | (data & 0x10)); // line compare bit 8 stays writable
        crtc[_crtcIndex] = data;
    }

    private uint InputStatus1()
    {
        long line = _clock.Now / LineTime % Lines;
        bool blank = line >= ShownLines || _clock.Now % LineTime >= LineTime * 4 / 5;
        bool retrace = line is >= RetraceStart and < RetraceEnd;
        return (blank ? 1u : 0) | (retrace ? 8u : 0);
    }
}
