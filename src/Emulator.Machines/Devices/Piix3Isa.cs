namespace Emulator.Machines;

/// <summary>The PIIX3 PCI-to-ISA bridge (Intel 82371SB data sheet, order number 290550): routes PCI interrupts to IRQ lines by registers 60 to 63.</summary>
public sealed class Piix3Isa : PciFunction
{
    private const int FirstRoute = 0x60;

    private readonly Action<int, bool> _setIrq;
    private readonly bool[] _levels = new bool[4];
    private uint _driven;

    /// <summary>Creates the bridge.</summary>
    /// <param name="setIrq">Drives an IRQ line.</param>
    public Piix3Isa(Action<int, bool> setIrq)
        : base(0x8086, 0x7000, 0x060100, 0x00)
    {
        _setIrq = setIrq;
        Define16(0x04, 0x0007, 0x0108);
        Define16(0x06, 0x0200, 0);
        Define8(0x0E, 0x80, 0); // several functions
        Define16(0x2C, 0x1AF4, 0);
        Define16(0x2E, 0x1100, 0);
        Define8(0x4C, 0x4D, 0xFF); // ISA I/O recovery
        Define8(0x4E, 0x03, 0xFF); // X-bus chip select
        Define8(0x4F, 0x00, 0x01);
        for (int i = 0; i < 4; i++)
            Define8(FirstRoute + i, 0x80, 0x8F);
        Define8(0x69, 0x02, 0xFE); // top of memory
        Define16(0x6A, 0x0000, 0x8003);
        Define8(0x70, 0x80, 0xEF);
        Define8(0x76, 0x0C, 0xFF);
        Define8(0x77, 0x0C, 0xFF);
        Define16(0x78, 0x0002, 0xFFFF);
        Define16(0xA0, 0x0008, 0x001F);
        Define32(0xA4, 0, 0xFFFF_FFFF);
        Define8(0xA8, 0x0F, 0xFF);
        Define16(0xAA, 0, 0x01FF);
    }

    /// <inheritdoc/>
    public override string PartName => "piix3.isa";

    /// <summary>Drives one of the four PCI interrupt request lines (0 is PIRQA).</summary>
    public void SetPirq(int line, bool level)
    {
        _levels[line & 3] = level;
        Drive();
    }

    /// <inheritdoc/>
    public override void Transfer(SnapshotStream s)
    {
        s.Values<bool>(_levels);
        base.Transfer(s);
    }

    private protected override void ConfigWritten(int offset, int size)
    {
        if (Touches(offset, size, FirstRoute, 4))
            Drive();
    }

    /// <summary>Several PCI lines may share an IRQ line: it is the OR of them. Only lines routed now or before are touched, since ISA devices drive the others.</summary>
    private void Drive()
    {
        uint active = 0;
        for (int i = 0; i < 4; i++)
        {
            byte route = Config[FirstRoute + i];
            if (_levels[i] && (route & 0x80) == 0)
                active |= 1u << (route & 15);
        }

        uint changed = active ^ _driven;
        _driven = active;
        for (int irq = 0; irq < 16; irq++)
        {
            if ((changed & (1u << irq)) != 0)
                _setIrq(irq, (active & (1u << irq)) != 0);
        }
    }
}
