namespace Emulator.Machines.Tests.Devices;

/// <summary>The 8254 against its data sheet: outputs and counts clock by clock.</summary>
public sealed class PitTests
{
    private const int Counter0 = 0x40, Counter2 = 0x42, Control = 0x43;

    private readonly ManualClock _clock = new();
    private readonly Pit8254 _pit;

    public PitTests()
    {
        _pit = new Pit8254(_clock);
        _pit.Gate2 = true;
    }

    // Each string is OUT after the count was written, one character per clock from the one in which it was written.
    [Theory]
    [InlineData(0, 4, "LLLLLHHHHH")] // high N + 1 clocks later
    [InlineData(2, 3, "HHHLHHLHHLH")] // low in the last clock of each period
    [InlineData(3, 4, "HHHLLHHLLHHLL")] // half and half
    [InlineData(3, 5, "HHHHLLHHHLLHHHLL")] // odd: high one clock longer
    [InlineData(4, 3, "HHHHLHHHH")] // one clock low, N + 1 clocks later
    public void Output_by_mode(int mode, byte count, string expected)
    {
        _pit.Out(Control, (byte)(0x90 | (mode << 1)));
        _pit.Out(Counter2, count);
        Assert.Equal(expected, Outputs(expected.Length));
    }

    [Theory]
    [InlineData(1, 3, "HLLLHHHH")] // low from the trigger for N clocks
    [InlineData(5, 3, "HHHHLHHH")] // a strobe N clocks after it
    public void Output_after_a_trigger(int mode, byte count, string expected)
    {
        _pit.Gate2 = false;
        _pit.Out(Control, (byte)(0x90 | (mode << 1)));
        _pit.Out(Counter2, count);
        Assert.Equal("HHHHHH", Outputs(6)); // nothing before
        _pit.Gate2 = true;
        Assert.Equal(expected, Outputs(expected.Length));

        // The gate going low does not stop it, and a new trigger starts it again.
        _pit.Gate2 = false;
        _pit.Gate2 = true;
        Assert.Equal(expected, Outputs(expected.Length));
    }

    [Fact]
    public void Retriggering_mode_1_makes_the_pulse_longer()
    {
        _pit.Gate2 = false;
        _pit.Out(Control, 0x92);
        _pit.Out(Counter2, 3);
        _pit.Gate2 = true;
        Assert.Equal("HLL", Outputs(3));
        _pit.Gate2 = false;
        _pit.Gate2 = true;
        Assert.Equal("LLLLHH", Outputs(6));
    }

    [Fact]
    public void Gate_low_suspends_mode_0_and_the_count_goes_on_afterwards()
    {
        _pit.Out(Control, 0xB0);
        _pit.Out(Counter2, 10, 0);
        Clocks(4);
        _pit.Gate2 = false;
        int stopped = Count();
        Assert.Equal(7, stopped);
        Clocks(100);
        Assert.Equal(stopped, Count());
        Assert.False(_pit.Out2);
        _pit.Gate2 = true;
        Clocks(6);
        Assert.False(_pit.Out2);
        Clocks(1);
        Assert.True(_pit.Out2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Gate_low_forces_periodic_outputs_high_and_high_starts_a_period(int mode)
    {
        _pit.Out(Control, (byte)(0x90 | (mode << 1)));
        _pit.Out(Counter2, 4);
        Clocks(mode == 2 ? 4 : 3);
        Assert.False(_pit.Out2);
        _pit.Gate2 = false;
        Assert.True(_pit.Out2);
        Clocks(50);
        Assert.True(_pit.Out2);
        _pit.Gate2 = true;
        Assert.Equal(mode == 2 ? "HHHHLHHHL" : "HHHLLHHLL", Outputs(9));
    }

    [Fact]
    public void A_new_count_in_mode_2_waits_for_the_end_of_the_period()
    {
        _pit.Out(Control, 0x94);
        _pit.Out(Counter2, 4);
        Clocks(2);
        _pit.Out(Counter2, 2);
        Assert.Equal("HHLHLHLHL", Outputs(9));
    }

    [Fact]
    public void A_new_count_in_mode_3_waits_for_the_end_of_the_half()
    {
        _pit.Out(Control, 0x96);
        _pit.Out(Counter2, 8);
        Clocks(2);
        _pit.Out(Counter2, 4);
        Assert.Equal("HHHLLHHLLHH", Outputs(11));
    }

    [Fact]
    public void The_first_of_two_bytes_stops_mode_0()
    {
        _pit.Out(Control, 0xB0);
        _pit.Out(Counter2, 2, 0);
        Clocks(3);
        Assert.True(_pit.Out2);
        _pit.Out(Counter2, 5);
        Assert.False(_pit.Out2);
        Clocks(1000);
        Assert.False(_pit.Out2);
        _pit.Out(Counter2, 0);
        Assert.Equal("LLLLLLH", Outputs(7));
    }

    [Fact]
    public void Counts_down_by_one_or_in_mode_3_by_two()
    {
        _pit.Out(Control, 0xB4);
        _pit.Out(Counter2, 0xE8, 0x03);
        Clocks(1);
        Assert.Equal(1000, Count());
        Clocks(10);
        Assert.Equal(990, Count());
        _pit.Out(Control, 0xB6);
        _pit.Out(Counter2, 0xE8, 0x03);
        Clocks(11);
        Assert.Equal(980, Count());
    }

    [Fact]
    public void Zero_counts_as_65536_and_in_bcd_as_10000()
    {
        _pit.Out(Control, 0xB0);
        _pit.Out(Counter2, 0, 0);
        Clocks(2);
        Assert.Equal(0xFFFF, Count());
        _pit.Out(Control, 0xB1);
        _pit.Out(Counter2, 0, 0);
        Clocks(2);
        Assert.Equal(0x9999, Count());
        Clocks(9999);
        Assert.True(_pit.Out2);
    }

    [Fact]
    public void Mode_0_goes_on_counting_after_the_end()
    {
        _pit.Out(Control, 0xB0);
        _pit.Out(Counter2, 3, 0);
        Clocks(5);
        Assert.Equal(0xFFFF, Count());
    }

    [Fact]
    public void A_latched_count_stands_until_it_is_read()
    {
        _pit.Out(Control, 0xB4);
        _pit.Out(Counter2, 0x00, 0x10);
        Clocks(1 + 0x10);
        _pit.Out(Control, 0x80);
        Clocks(0x100);
        _pit.Out(Control, 0x80); // ignored: one is latched
        Assert.Equal(0xF0, _pit.In(Counter2));
        Clocks(0x100);
        Assert.Equal(0x0F, _pit.In(Counter2));
        Assert.Equal(0x0DF0, Count());
    }

    [Fact]
    public void Read_back_gives_status_then_count()
    {
        _pit.Out(Control, 0xB6);
        _pit.Out(Control, 0xE8); // status of counter 2
        Assert.Equal(0xF6, _pit.In(Counter2)); // OUT high, no count yet, two bytes, mode 3
        _pit.Out(Counter2, 0x00, 0x02);
        Clocks(1);
        _pit.Out(Control, 0xC8); // count and status
        Assert.Equal(0xB6, _pit.In(Counter2));
        Assert.Equal(0x00, _pit.In(Counter2));
        Assert.Equal(0x02, _pit.In(Counter2));
    }

    [Fact]
    public void Null_count_ends_when_the_new_count_is_loaded()
    {
        _pit.Out(Control, 0x94);
        _pit.Out(Counter2, 100);
        Assert.Equal(0x40, Status() & 0x40);
        Clocks(1);
        Assert.Equal(0, Status() & 0x40);
        _pit.Out(Counter2, 50);
        Clocks(50);
        Assert.Equal(0x40, Status() & 0x40);
        Clocks(50);
        Assert.Equal(0, Status() & 0x40);
    }

    [Fact]
    public void One_byte_access_modes()
    {
        _pit.Out(Control, 0xA0); // high byte only
        _pit.Out(Counter2, 0x12);
        Clocks(1);
        Assert.Equal(0x12, _pit.In(Counter2));
        Clocks(1);
        Assert.Equal(0x11, _pit.In(Counter2));
        _pit.Out(Control, 0x90); // low byte only
        _pit.Out(Counter2, 0x34);
        Clocks(1);
        Assert.Equal(0x34, _pit.In(Counter2));
    }

    [Theory]
    [InlineData(0x34)]
    [InlineData(0x36)]
    public void Counter_0_raises_the_interrupt_line_at_its_rate(byte control)
    {
        int edges = 0;
        _pit.Out(Control, control);
        _pit.Out0.Connect(level => edges += level ? 1 : 0);
        _pit.Out(Counter0, 0xA9, 0x04); // 1193: very nearly 1 ms
        _clock.Advance(1_000_000_000);
        Assert.InRange(edges, 999, 1001);
    }

    [Fact]
    public void Counter_0_in_mode_0_interrupts_once()
    {
        int edges = 0;
        _pit.Out(Control, 0x30);
        _pit.Out0.Connect(level => edges += level ? 1 : 0);
        _pit.Out(Counter0, 0x00, 0x10);
        Clocks(0x1000);
        Assert.Equal(0, edges);
        Clocks(1);
        Assert.Equal(1, edges);
        Clocks(0x40000);
        Assert.Equal(1, edges);
    }

    [Fact]
    public void A_snapshot_continues_alike()
    {
        _pit.Out(Control, 0x36, 0xB4);
        _pit.Out(Counter0, 0x00, 0x08);
        _pit.Out(Counter2, 0x77, 0x01);
        Clocks(12345);
        byte[] saved = SnapshotProbe.Save(_pit), timers = SnapshotProbe.Save(_clock);
        var clock = new ManualClock();
        var copy = new Pit8254(clock);
        clock.Advance(_clock.Now);
        Assert.Null(SnapshotProbe.Load(copy, saved));
        Assert.Null(SnapshotProbe.Load(clock, timers));
        for (int i = 0; i < 200; i++)
        {
            _clock.Advance(123_457);
            clock.Advance(123_457);
            Assert.Equal(_pit.Out0.Level, copy.Out0.Level);
            Assert.Equal(_pit.Out2, copy.Out2);
            Assert.Equal(_pit.In(Counter0), copy.In(Counter0));
        }
    }

    [Fact]
    public void Port_61_gates_counter_2_and_shows_its_output()
    {
        var a20 = new A20Gate(_ => { });
        var ports = new SystemControlPorts(_clock, _pit, a20, () => { });
        ports.Out(0x61, 0x00);
        _pit.Out(Control, 0xB0);
        _pit.Out(Counter2, 0x20, 0x00);
        Clocks(1000);
        Assert.Equal(0, ports.In(0x61) & 0x20);
        ports.Out(0x61, 0x03);
        Assert.True(ports.SpeakerOn);
        Clocks(0x1F);
        Assert.Equal(0x03, ports.In(0x61) & 0x2F);
        Clocks(1); // N clocks after the gate: the count was loaded before
        Assert.Equal(0x23, ports.In(0x61) & 0x2F);
    }

    [Fact]
    public void Refresh_bit_of_port_61_toggles_every_15_microseconds()
    {
        var ports = new SystemControlPorts(_clock, _pit, new A20Gate(_ => { }), () => { });
        int changes = 0, last = ports.In(0x61) & 0x10;
        for (int i = 0; i < 1000; i++)
        {
            _clock.Advance(1000);
            int now = ports.In(0x61) & 0x10;
            changes += now != last ? 1 : 0;
            last = now;
        }

        Assert.InRange(changes, 65, 67); // 1 ms / 15.085 us
    }

    /// <summary>Lets whole clocks of 1.193182 MHz pass.</summary>
    private void Clocks(long count)
    {
        long tick = MachineClock.TicksAt(_clock.Now, Pit8254.Frequency);
        _clock.Advance(MachineClock.TimeOfTick(tick + count, Pit8254.Frequency) - _clock.Now);
    }

    private string Outputs(int count)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < count; i++)
        {
            text.Append(_pit.Out2 ? 'H' : 'L');
            Clocks(1);
        }

        return text.ToString();
    }

    private int Count()
    {
        _pit.Out(Control, 0x80);
        int low = _pit.In(Counter2);
        return low | (_pit.In(Counter2) << 8);
    }

    private int Status()
    {
        _pit.Out(Control, 0xE8);
        return _pit.In(Counter2);
    }
}
