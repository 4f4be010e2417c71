namespace Emulator.Machines;

/// <summary>PCI configuration mechanism 1 (ports CF8 and CFC; PCI Local Bus Specification 2.1, section 3.7.4.1) on one bus, and the PIIX reset control register at CF9.</summary>
public sealed class PciHost : IPortDevice, ISnapshotPart
{
    private const uint Enable = 0x8000_0000;

    private readonly Dictionary<int, PciFunction> _functions = [];
    private readonly Action<bool> _reset;
    private uint _address;
    private byte _resetControl;

    /// <summary>Creates the host bridge's ports.</summary>
    /// <param name="reset">Called when the guest writes a reset to CF9; true for the whole machine, false for the processor alone.</param>
    public PciHost(Action<bool> reset) => _reset = reset;

    /// <inheritdoc/>
    public string PartName => "pci";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0xCF8, 8, Width: 4)];

    /// <summary>The functions, by device times 8 plus function.</summary>
    public IReadOnlyDictionary<int, PciFunction> Functions => _functions;

    /// <summary>Puts a function on bus 0.</summary>
    public void Add(int device, int function, PciFunction pci) => _functions[(device << 3) | function] = pci;

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size)
    {
        if (port >= 0xCFC)
            return Selected() is { } function ? function.ReadConfig((int)(_address & 0xFC) | (port & 3), size) : uint.MaxValue;
        if (port == 0xCF8 && size == 4)
            return _address;
        return port == 0xCF9 && size == 1 ? _resetControl : uint.MaxValue;
    }

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        if (port >= 0xCFC)
        {
            Selected()?.WriteConfig((int)(_address & 0xFC) | (port & 3), size, value);
        }
        else if (port == 0xCF8 && size == 4)
        {
            _address = value & 0x80FF_FFFC;
        }
        else if (port == 0xCF9 && size == 1)
        {
            // 82371SB, 2.5.4: bit 2 rising resets the processor, bit 1 the whole machine with it.
            bool reset = (value & ~(uint)_resetControl & 4) != 0;
            _resetControl = (byte)(value & 2);
            if (reset)
                _reset((value & 2) != 0);
        }
    }

    /// <summary>Bus reset, of every function too.</summary>
    public void Reset()
    {
        _address = 0;
        _resetControl = 0;
        foreach (PciFunction function in _functions.Values)
            function.Reset();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _address);
        s.Value(ref _resetControl);
        foreach (int key in _functions.Keys.Order())
            s.Part(_functions[key]);
    }

    private PciFunction? Selected()
    {
        bool busZero = (_address & 0x00FF_0000) == 0;
        return (_address & Enable) != 0 && busZero ? _functions.GetValueOrDefault((int)(_address >> 8) & 0xFF) : null;
    }
}
