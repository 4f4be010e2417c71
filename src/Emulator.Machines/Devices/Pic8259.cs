using System.Numerics;

namespace Emulator.Machines;

/// <summary>One 8259A interrupt controller in 8086 mode (Intel 8259A data sheet, order number 231468).</summary>
/// <remarks>An edge-triggered request stands as long as its latch is set and its input stays high ("the IR inputs must remain high until after the falling
/// edge of the first INTA"); an acknowledge without a request gives level 7 without setting its in-service bit. The MCS-80 call mode is not provided: the vector is given either way.</remarks>
public sealed class Pic8259 : ISnapshotPart
{
    private readonly bool _isMaster;
    private byte _lines, _edges, _isr, _imr, _levels, _vectorBase, _cascade, _icw1, _icw4, _lowest = 7;
    private byte _initStep;
    private bool _specialMask, _poll, _readIsr, _rotateOnAutoEoi;

    /// <summary>Creates a controller.</summary>
    /// <param name="partName">Name in snapshots.</param>
    /// <param name="isMaster">True for the controller whose INT output leads to the processor.</param>
    public Pic8259(string partName, bool isMaster)
    {
        PartName = partName;
        _isMaster = isMaster;
    }

    /// <inheritdoc/>
    public string PartName { get; }

    /// <summary>The INT output.</summary>
    public Signal Int { get; } = new();

    /// <summary>Inputs that are level-triggered by the edge/level control register (ports 4D0/4D1 of the PIIX), one bit each.</summary>
    public byte EdgeLevelControl
    {
        get => _levels;
        set
        {
            _levels = value;
            Update();
        }
    }

    /// <summary>The interrupt request register.</summary>
    public byte RequestRegister
    {
        get
        {
            // The cascade inputs follow the slaves' INT level, or a slave in automatic EOI mode would lose its second request.
            int levels = (_icw1 & 0x08) != 0 ? 0xFF : _levels | _cascade;
            return (byte)(_lines & (_edges | levels));
        }
    }

    /// <summary>The in-service register.</summary>
    public byte InServiceRegister => _isr;

    /// <summary>The interrupt mask register.</summary>
    public byte MaskRegister => _imr;

    private bool AutoEoi => (_icw4 & 0x02) != 0;

    private bool SpecialFullyNested => (_icw4 & 0x10) != 0;

    /// <summary>Drives one of the eight inputs.</summary>
    public void SetLine(int line, bool level)
    {
        byte bit = (byte)(1 << line);
        if (level)
        {
            if ((_lines & bit) == 0)
                _edges |= bit;
            _lines |= bit;
        }
        else
        {
            _lines &= (byte)~bit;
            _edges &= (byte)~bit;
        }

        Update();
    }

    /// <summary>The level that would be acknowledged now, or -1.</summary>
    public int PendingLevel()
    {
        int requests = RequestRegister & ~_imr;
        if (requests == 0)
            return -1;

        // In the special mask mode a level in service that is masked no longer holds back others.
        int inService = _specialMask ? _isr & ~_imr : _isr;

        // In the special fully nested mode the master lets the cascade input interrupt its own service: the slave decides.
        if (_isMaster && SpecialFullyNested)
            inService &= ~_cascade;
        int request = HighestPriority(requests);
        if (inService == 0)
            return request;
        int serviced = HighestPriority(inService);
        return Rank(request) < Rank(serviced) ? request : -1;
    }

    /// <summary>Takes the interrupt acknowledge: sets the in-service bit and clears the edge.</summary>
    /// <returns>The level, and whether there was a request at all; without one the level is 7.</returns>
    public (int Level, bool Genuine) AcknowledgeLevel()
    {
        int level = PendingLevel();
        if (level < 0)
        {
            Update();
            return (7, false);
        }

        byte bit = (byte)(1 << level);
        _edges &= (byte)~bit;
        if (AutoEoi)
        {
            if (_rotateOnAutoEoi)
                _lowest = (byte)level;
        }
        else
        {
            _isr |= bit;
        }

        Update();
        return (level, true);
    }

    /// <summary>The vector of a level.</summary>
    public byte VectorOf(int level) => (byte)(_vectorBase | level);

    /// <summary>Reads a register: <paramref name="a0"/> is the address pin.</summary>
    public byte Read(int a0)
    {
        if (_poll)
        {
            _poll = false;
            (int level, bool genuine) = AcknowledgeLevel();
            return genuine ? (byte)(0x80 | level) : (byte)0;
        }

        if (a0 != 0)
            return _imr;
        return _readIsr ? _isr : RequestRegister;
    }

    /// <summary>Writes a command or initialization word: <paramref name="a0"/> is the address pin.</summary>
    public void Write(int a0, byte value)
    {
        if (a0 == 0)
        {
            if ((value & 0x10) != 0)
                Initialize(value);
            else if ((value & 0x08) != 0)
                WriteOcw3(value);
            else
                WriteOcw2(value);
        }
        else
        {
            WriteData(value);
        }

        Update();
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        s.Value(ref _lines);
        s.Value(ref _edges);
        s.Value(ref _isr);
        s.Value(ref _imr);
        s.Value(ref _levels);
        s.Value(ref _vectorBase);
        s.Value(ref _cascade);
        s.Value(ref _icw1);
        s.Value(ref _icw4);
        s.Value(ref _lowest);
        s.Value(ref _initStep);
        s.Value(ref _specialMask);
        s.Value(ref _poll);
        s.Value(ref _readIsr);
        s.Value(ref _rotateOnAutoEoi);
        if (s.IsLoading)
            Update();
    }

    /// <summary>Power-on or bus reset: everything but the input levels is cleared and the controller waits for ICW1.</summary>
    public void Reset()
    {
        _edges = _isr = _levels = _vectorBase = _cascade = _icw1 = _icw4 = _initStep = 0;
        _imr = 0xFF;
        _lowest = 7;
        _specialMask = _poll = _readIsr = _rotateOnAutoEoi = false;
        Update();
    }

    private void Initialize(byte icw1)
    {
        // Data sheet, "Initialization command words": edge sense reset, mask cleared, IR7 lowest, slave address 7, special mask off, IRR selected.
        _icw1 = icw1;
        _edges = _isr = _imr = 0;
        _lowest = 7;
        _specialMask = _poll = _readIsr = false;
        if ((icw1 & 0x01) == 0)
        {
            _icw4 = 0;
            _rotateOnAutoEoi = false;
        }

        _initStep = 2;
    }

    private void WriteData(byte value)
    {
        switch (_initStep)
        {
            case 2:
                _vectorBase = (byte)(value & 0xF8);
                _initStep = (byte)((_icw1 & 0x02) == 0 ? 3 : NextAfterIcw3());
                break;
            case 3:
                _cascade = _isMaster ? value : (byte)0;
                _initStep = NextAfterIcw3();
                break;
            case 4:
                _icw4 = value;
                _initStep = 0;
                break;
            default:
                _imr = value;
                break;
        }
    }

    private byte NextAfterIcw3() => (byte)((_icw1 & 0x01) != 0 ? 4 : 0);

    private void WriteOcw2(byte value)
    {
        byte level = (byte)(value & 7);
        switch (value >> 5)
        {
            case 0: // rotate in automatic EOI mode, clear
                _rotateOnAutoEoi = false;
                break;
            case 1: // non-specific EOI
                EndOfInterrupt(rotate: false);
                break;
            case 3: // specific EOI
                _isr &= (byte)~(1 << level);
                break;
            case 4: // rotate in automatic EOI mode, set
                _rotateOnAutoEoi = true;
                break;
            case 5: // rotate on non-specific EOI
                EndOfInterrupt(rotate: true);
                break;
            case 6: // set priority
                _lowest = level;
                break;
            case 7: // rotate on specific EOI
                _isr &= (byte)~(1 << level);
                _lowest = level;
                break;
        }
    }

    private void EndOfInterrupt(bool rotate)
    {
        // "An IS bit that is masked by an IMR bit will not be cleared by a non-specific EOI if the 8259A is in the special mask mode."
        int candidates = _specialMask ? _isr & ~_imr : _isr;
        if (candidates == 0)
            return;
        int level = HighestPriority(candidates);
        _isr &= (byte)~(1 << level);
        if (rotate)
            _lowest = (byte)level;
    }

    private void WriteOcw3(byte value)
    {
        if ((value & 0x40) != 0)
            _specialMask = (value & 0x20) != 0;
        _poll = (value & 0x04) != 0;
        if ((value & 0x02) != 0)
            _readIsr = (value & 0x01) != 0;
    }

    private int Rank(int level) => (level - _lowest - 1) & 7;

    private int HighestPriority(int bits)
    {
        int first = (_lowest + 1) & 7;
        int rotated = ((bits >> first) | (bits << (8 - first))) & 0xFF;
        return (BitOperations.TrailingZeroCount(rotated) + first) & 7;
    }

    private void Update() => Int.Set(_initStep == 0 && PendingLevel() >= 0);
}
