namespace Emulator.Machines;

/// <summary>The two cascaded 8259A of a PC (ports 20/21 and A0/A1) with the edge/level control registers of the PIIX (4D0/4D1).</summary>
public sealed class PicPair : IPortDevice, ISnapshotPart
{
    private const int CascadeLine = 2;

    private readonly Pic8259 _master = new("pic.master", isMaster: true);
    private readonly Pic8259 _slave = new("pic.slave", isMaster: false);

    /// <summary>Creates the pair, wired slave INT to master IR2.</summary>
    public PicPair()
    {
        _slave.Int.Connect(level => _master.SetLine(CascadeLine, level));
        _master.Reset();
        _slave.Reset();
    }

    /// <inheritdoc/>
    public string PartName => "pic";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x20, 2), new(0xA0, 2), new(0x4D0, 2)];

    /// <summary>The INTR line to the processor.</summary>
    public Signal Intr => _master.Int;

    /// <summary>The first controller (IRQ 0 to 7).</summary>
    public Pic8259 Master => _master;

    /// <summary>The second controller (IRQ 8 to 15).</summary>
    public Pic8259 Slave => _slave;

    /// <summary>Drives an interrupt request line, 0 to 15; line 2 is the cascade and cannot be driven.</summary>
    public void SetIrq(int irq, bool level)
    {
        if (irq >= 8)
            _slave.SetLine(irq - 8, level);
        else if (irq != CascadeLine)
            _master.SetLine(irq, level);
    }

    /// <summary>Makes a wire drive an interrupt request line.</summary>
    public void Connect(Signal wire, int irq) => wire.Connect(level => SetIrq(irq, level));

    /// <summary>The interrupt acknowledge cycle of the processor.</summary>
    /// <returns>The vector; without a request that of IRQ 7 or 15, which the data sheet calls the default.</returns>
    public byte Acknowledge()
    {
        (int level, bool genuine) = _master.AcknowledgeLevel();
        if (!genuine || level != CascadeLine)
            return _master.VectorOf(level);
        (int slaveLevel, _) = _slave.AcknowledgeLevel();
        return _slave.VectorOf(slaveLevel);
    }

    /// <summary>Bus reset.</summary>
    public void Reset()
    {
        _slave.Reset();
        _master.Reset();
    }

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => port switch
    {
        0x4D0 => _master.EdgeLevelControl,
        0x4D1 => _slave.EdgeLevelControl,
        < 0xA0 => _master.Read(port & 1),
        _ => _slave.Read(port & 1),
    };

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value)
    {
        switch (port)
        {
            // IRQ 0, 1, 2, 8 and 13 are always edge-triggered (82371SB data sheet, 2.3.6).
            case 0x4D0:
                _master.EdgeLevelControl = (byte)(value & 0xF8);
                break;
            case 0x4D1:
                _slave.EdgeLevelControl = (byte)(value & 0xDE);
                break;
            case < 0xA0:
                _master.Write(port & 1, (byte)value);
                break;
            default:
                _slave.Write(port & 1, (byte)value);
                break;
        }
    }

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s)
    {
        _slave.Transfer(s);
        _master.Transfer(s);
    }
}
