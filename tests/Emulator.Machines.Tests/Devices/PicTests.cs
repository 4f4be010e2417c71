namespace Emulator.Machines.Tests.Devices;

/// <summary>The 8259 pair against its data sheet.</summary>
public sealed class PicTests
{
    private const int Master = 0x20, MasterData = 0x21, Slave = 0xA0, SlaveData = 0xA1;
    private const byte Eoi = 0x20, ReadIrr = 0x0A, ReadIsr = 0x0B, Poll = 0x0C, SetSpecialMask = 0x68, ClearSpecialMask = 0x48;

    private readonly PicPair _pic = Initialized();

    [Fact]
    public void Requests_are_acknowledged_by_priority_and_nest()
    {
        _pic.SetIrq(5, true);
        _pic.SetIrq(3, true);
        Assert.True(_pic.Intr.Level);
        Assert.Equal(0x0B, _pic.Acknowledge());
        Assert.False(_pic.Intr.Level); // 5 waits below 3
        _pic.SetIrq(1, true);
        Assert.True(_pic.Intr.Level); // 1 interrupts 3
        Assert.Equal(0x09, _pic.Acknowledge());
        _pic.Out(Master, ReadIsr);
        Assert.Equal(0x0A, _pic.In(Master));
        _pic.Out(Master, Eoi); // ends 1
        Assert.False(_pic.Intr.Level);
        _pic.Out(Master, Eoi); // ends 3
        Assert.Equal(0x0D, _pic.Acknowledge());
    }

    [Fact]
    public void Mask_holds_back_and_the_request_waits()
    {
        _pic.Out(MasterData, 0x08);
        _pic.SetIrq(3, true);
        Assert.False(_pic.Intr.Level);
        _pic.Out(Master, ReadIrr);
        Assert.Equal(0x08, _pic.In(Master));
        _pic.Out(MasterData, 0x00);
        Assert.True(_pic.Intr.Level);
        Assert.Equal(0, _pic.In(MasterData));
    }

    [Fact]
    public void An_edge_counts_once()
    {
        _pic.SetIrq(4, true);
        Assert.Equal(0x0C, _pic.Acknowledge());
        _pic.Out(Master, Eoi);
        Assert.False(_pic.Intr.Level); // the input is still high, but there was no new edge
        _pic.SetIrq(4, false);
        _pic.SetIrq(4, true);
        Assert.True(_pic.Intr.Level);
    }

    [Fact]
    public void A_level_counts_as_long_as_it_stands()
    {
        _pic.Out(0x4D0, 0xFF);
        Assert.Equal(0xF8, _pic.In(0x4D0)); // 0 to 2 are always edges
        _pic.Out(0x4D1, 0xFF);
        Assert.Equal(0xDE, _pic.In(0x4D1)); // 8 and 13 are
        _pic.SetIrq(5, true);
        Assert.Equal(0x0D, _pic.Acknowledge());
        _pic.Out(Master, Eoi);
        Assert.True(_pic.Intr.Level);
        _pic.SetIrq(5, false);
        Assert.False(_pic.Intr.Level);
    }

    [Theory]
    [InlineData(6, 0x0F, 0x00)]
    [InlineData(12, 0x77, 0x04)] // the master acknowledged the slave, which found nothing
    public void A_request_that_goes_away_gives_the_default_vector(int irq, byte vector, byte masterInService)
    {
        _pic.SetIrq(irq, true);
        if (irq >= 8)
            _pic.Out(SlaveData, 0x00);
        if (irq < 8)
        {
            _pic.SetIrq(irq, false);
        }
        else
        {
            // The slave withdraws between the two acknowledge cycles.
            Assert.Equal((2, true), _pic.Master.AcknowledgeLevel());
            _pic.SetIrq(irq, false);
            Assert.Equal((7, false), _pic.Slave.AcknowledgeLevel());
            Assert.Equal(vector, _pic.Slave.VectorOf(7));
            Assert.Equal(0, _pic.Slave.InServiceRegister);
            Assert.Equal(masterInService, _pic.Master.InServiceRegister);
            return;
        }

        Assert.Equal(vector, _pic.Acknowledge());
        Assert.Equal(masterInService, _pic.Master.InServiceRegister);
    }

    [Fact]
    public void Slave_requests_come_through_line_2()
    {
        _pic.SetIrq(14, true);
        _pic.SetIrq(9, true);
        Assert.Equal(0x71, _pic.Acknowledge());
        Assert.Equal(0x04, _pic.Master.InServiceRegister);
        Assert.Equal(0x02, _pic.Slave.InServiceRegister);
        _pic.Out(Slave, Eoi);
        Assert.False(_pic.Intr.Level); // the master still serves line 2
        _pic.Out(Master, Eoi);
        Assert.Equal(0x76, _pic.Acknowledge());
    }

    [Fact]
    public void Special_fully_nested_mode_lets_the_slave_interrupt_itself()
    {
        _pic.Out(Master, 0x11);
        _pic.Out(MasterData, 0x08, 0x04, 0x11);
        _pic.SetIrq(14, true);
        Assert.Equal(0x76, _pic.Acknowledge());
        _pic.SetIrq(9, true);
        Assert.True(_pic.Intr.Level);
        Assert.Equal(0x71, _pic.Acknowledge());
    }

    [Fact]
    public void Rotation_makes_the_level_served_the_lowest()
    {
        _pic.SetIrq(3, true);
        _pic.Acknowledge();
        _pic.Out(Master, 0xA0); // rotate on non-specific EOI
        _pic.SetIrq(3, false);
        _pic.SetIrq(3, true);
        _pic.SetIrq(7, true);
        Assert.Equal(0x0F, _pic.Acknowledge()); // 4 is highest now, so 7 precedes 3
        _pic.Out(Master, 0x67);                 // specific EOI of 7
        Assert.Equal(0x0B, _pic.Acknowledge());
        _pic.Out(Master, 0xE3);                 // rotate on specific EOI of 3
        _pic.Out(Master, 0xC7);                 // set priority: 7 lowest
        _pic.SetIrq(0, true);
        _pic.SetIrq(6, true);
        Assert.Equal(0x08, _pic.Acknowledge());
    }

    [Fact]
    public void Automatic_eoi_sets_no_in_service_bit_and_can_rotate()
    {
        _pic.Out(Master, 0x11);
        _pic.Out(MasterData, 0x08, 0x04, 0x03);
        _pic.Out(Master, 0x80); // rotate in automatic EOI mode
        _pic.SetIrq(1, true);
        Assert.Equal(0x09, _pic.Acknowledge());
        Assert.Equal(0, _pic.Master.InServiceRegister);
        _pic.SetIrq(0, true);
        _pic.SetIrq(4, true);
        Assert.Equal(0x0C, _pic.Acknowledge()); // 1 became lowest: 2 to 7, then 0
        Assert.Equal(0x08, _pic.Acknowledge());
    }

    [Fact]
    public void Special_mask_mode_opens_lower_levels_while_one_is_served()
    {
        _pic.SetIrq(2 + 1, true);
        _pic.Acknowledge();
        _pic.SetIrq(6, true);
        Assert.False(_pic.Intr.Level);
        _pic.Out(Master, SetSpecialMask);
        Assert.False(_pic.Intr.Level); // the level served is not masked yet
        _pic.Out(MasterData, 0x08);
        Assert.Equal(0x0E, _pic.Acknowledge());

        // A non-specific EOI does not touch the masked level.
        _pic.Out(Master, Eoi);
        Assert.Equal(0x08, _pic.Master.InServiceRegister);
        _pic.Out(Master, ClearSpecialMask, 0x63);
        Assert.Equal(0, _pic.Master.InServiceRegister);
    }

    [Fact]
    public void Poll_acknowledges_by_a_read()
    {
        _pic.SetIrq(4, true);
        _pic.Out(Master, Poll);
        Assert.Equal(0x84, _pic.In(Master));
        Assert.Equal(0x10, _pic.Master.InServiceRegister);
        _pic.Out(Master, Poll);
        Assert.Equal(0, _pic.In(Master) & 0x80);
        _pic.Out(Master, ReadIsr);
        Assert.Equal(0x10, _pic.In(Master)); // polling is over
    }

    [Fact]
    public void Initialization_clears_masks_and_waits_for_all_its_words()
    {
        _pic.Out(MasterData, 0xFF);
        _pic.SetIrq(1, true);
        _pic.Out(Master, 0x11);
        Assert.Equal(0, _pic.Master.MaskRegister);
        Assert.Equal(0, _pic.Master.RequestRegister); // "the edge sense circuit is reset"
        _pic.SetIrq(1, false);
        _pic.SetIrq(1, true);
        Assert.False(_pic.Intr.Level);
        _pic.Out(MasterData, 0x40, 0x04, 0x01);
        Assert.Equal(0x41, _pic.Acknowledge());
    }

    [Fact]
    public void Nothing_is_requested_before_initialization()
    {
        var pic = new PicPair();
        pic.SetIrq(0, true);
        Assert.False(pic.Intr.Level);
    }

    [Fact]
    public void A_snapshot_restores_what_is_in_service_and_the_output()
    {
        _pic.SetIrq(3, true);
        _pic.Acknowledge();
        _pic.SetIrq(14, true);
        var copy = new PicPair();
        Assert.Null(SnapshotProbe.Load(copy, SnapshotProbe.Save(_pic)));
        Assert.Equal(SnapshotProbe.Save(_pic), SnapshotProbe.Save(copy));
        Assert.Equal(_pic.Intr.Level, copy.Intr.Level);
        Assert.Equal(0x76, copy.Acknowledge());
    }

    private static PicPair Initialized()
    {
        var pic = new PicPair();
        pic.Out(Master, 0x11);
        pic.Out(MasterData, 0x08, 0x04, 0x01);
        pic.Out(Slave, 0x11);
        pic.Out(SlaveData, 0x70, 0x02, 0x01);
        return pic;
    }
}
