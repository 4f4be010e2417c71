namespace Emulator.Machines.Tests.Devices;

/// <summary>The MC146818 against its data sheet.</summary>
public sealed class RtcTests
{
    private const int RegA = 0x0A, RegB = 0x0B, RegC = 0x0C, RegD = 0x0D;
    private const long Second = 1_000_000_000, Millisecond = 1_000_000;

    private readonly ManualClock _clock = new();
    private readonly Rtc146818 _rtc;

    public RtcTests() => _rtc = new Rtc146818(_clock, new DateTime(1999, 12, 31, 23, 59, 58));

    [Fact]
    public void Counts_in_bcd_through_the_turn_of_the_century()
    {
        Assert.Equal("99-12-31 23:59:58 6 19", Time());
        _clock.Advance(2 * Second);
        Assert.Equal("00-01-01 00:00:00 7 20", Time());
    }

    [Fact]
    public void Counts_in_binary_when_register_b_says_so()
    {
        Write(RegB, 0x86); // SET, binary, 24 hours
        foreach ((byte register, byte value) in ((byte, byte)[])[(0, 59), (2, 59), (4, 23), (6, 1), (7, 28), (8, 2), (9, 24)])
            Write(register, value);
        _clock.Advance(5 * Second);
        Assert.Equal(59, Read(0)); // SET holds the time
        Write(RegB, 0x06);
        _clock.Advance(Second);
        Assert.Equal([0, 0, 0, 2, 29, 2, 24], ((byte[])[0, 2, 4, 6, 7, 8, 9]).Select(r => (int)Read(r))); // 2024 is a leap year
    }

    [Theory]
    [InlineData(0x11, 0x92)] // 11 am, 12 pm
    [InlineData(0x91, 0x12)] // 11 pm, 12 am
    [InlineData(0x12, 0x01)]
    [InlineData(0x92, 0x81)]
    public void Twelve_hour_mode_marks_pm_by_bit_7(byte before, byte after)
    {
        Write(RegB, 0x80);
        Write(0, 0x59);
        Write(2, 0x59);
        Write(4, before);
        Write(RegB, 0x00);
        _clock.Advance(Second);
        Assert.Equal(after, Read(4));
    }

    [Theory]
    [InlineData(0x59, 0x59, 0x23, 1)]
    [InlineData(0x00, 0xFF, 0xC0, 2)] // C0 to FF match everything
    [InlineData(0x30, 0x59, 0x23, 0)]
    public void Alarm_raises_irq_when_all_three_registers_match(byte seconds, byte minutes, byte hours, int after)
    {
        Write(1, seconds);
        Write(3, minutes);
        Write(5, hours);
        Write(RegA, 0x20); // no periodic interrupt
        Read(RegC);
        Write(RegB, 0x22);
        int fired = 0;
        for (int i = 1; i <= 5 && fired == 0; i++)
        {
            _clock.Advance(Second);
            fired = _rtc.Irq.Level ? i : 0;
        }

        Assert.Equal(after, fired);
        Assert.Equal(after == 0 ? 0x10 : 0xB0, Read(RegC)); // update-ended is noted in any case
        Assert.False(_rtc.Irq.Level);
        Assert.Equal(0, Read(RegC)); // the read cleared it
    }

    [Fact]
    public void Update_ended_interrupts_every_second_once_read()
    {
        Write(RegB, 0x12);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(Second);
            Assert.True(_rtc.Irq.Level);
            Assert.Equal(0x90, Read(RegC) & 0x90);
            Assert.False(_rtc.Irq.Level);
        }
    }

    [Theory]
    [InlineData(6, 1024)]
    [InlineData(15, 2)]
    [InlineData(3, 8192)]
    [InlineData(1, 256)]
    [InlineData(2, 128)]
    [InlineData(0, 0)]
    public void Periodic_interrupt_has_the_rate_of_register_a(byte rate, int expected)
    {
        Write(RegA, (byte)(0x20 | rate));
        Write(RegB, 0x42);
        Read(RegC);
        int interrupts = 0;
        _rtc.Irq.Connect(level =>
        {
            if (level)
                interrupts++;
        });
        for (int i = 0; i < 50_000; i++)
        {
            _clock.Advance(Second / 50_000);
            if (_rtc.Irq.Level)
                Read(RegC);
        }

        Assert.Equal(expected, interrupts);
    }

    [Fact]
    public void Periodic_flag_is_set_without_being_enabled()
    {
        Read(RegC);
        _clock.Advance(2 * Millisecond);
        Assert.Equal(0x40, Read(RegC)); // no IRQF
        Assert.False(_rtc.Irq.Level);
    }

    [Fact]
    public void Update_in_progress_warns_244_microseconds_ahead()
    {
        _clock.Advance(Second - 250_000);
        Assert.Equal(0, Read(RegA) & 0x80);
        _clock.Advance(10_000);
        Assert.Equal(0x80, Read(RegA) & 0x80);
        _clock.Advance(250_000);
        Assert.Equal(0, Read(RegA) & 0x80);
    }

    [Fact]
    public void Divider_reset_stops_and_starts_half_a_second_later()
    {
        Write(RegA, 0x76);
        _clock.Advance(10 * Second);
        Assert.Equal(0x58, Read(0));
        Write(RegA, 0x26);
        _clock.Advance((Second / 2) - 1);
        Assert.Equal(0x58, Read(0));
        _clock.Advance(1);
        Assert.Equal(0x59, Read(0));
    }

    [Fact]
    public void Set_clears_the_update_interrupt_enable_and_registers_c_and_d_are_read_only()
    {
        Write(RegB, 0x92);
        Assert.Equal(0x82, Read(RegB));
        Write(RegD, 0x00);
        Assert.Equal(0x80, Read(RegD));
        Write(RegC, 0xFF);
        Assert.Equal(0, Read(RegC) & 0x80);
    }

    [Fact]
    public void Reset_clears_the_enables_and_keeps_time_and_memory()
    {
        Write(0x40, 0x5A);
        Write(RegB, 0x7A);
        _clock.Advance(Second);
        _rtc.Reset();
        Assert.Equal(0x02, Read(RegB));
        Assert.Equal(0, Read(RegC));
        Assert.False(_rtc.Irq.Level);
        Assert.Equal(0x59, Read(0));
        Assert.Equal(0x5A, Read(0x40));
    }

    [Fact]
    public void Bit_7_of_the_index_masks_the_nmi()
    {
        _rtc.Out(0x70, 0x8D);
        Assert.True(_rtc.NmiMasked);
        Assert.Equal(0x80, _rtc.In(0x71));
        _rtc.Out(0x70, 0x0D);
        Assert.False(_rtc.NmiMasked);
    }

    [Fact]
    public void A_snapshot_continues_alike()
    {
        Write(RegB, 0x52);
        _clock.Advance(Second / 3);
        byte[] saved = SnapshotProbe.Save(_rtc), timers = SnapshotProbe.Save(_clock);
        var clock = new ManualClock();
        var copy = new Rtc146818(clock, DateTime.UnixEpoch);
        clock.Advance(_clock.Now);
        Assert.Null(SnapshotProbe.Load(copy, saved));
        Assert.Null(SnapshotProbe.Load(clock, timers));
        for (int i = 0; i < 3000; i++)
        {
            _clock.Advance(Millisecond);
            clock.Advance(Millisecond);
            Assert.Equal(_rtc.Irq.Level, copy.Irq.Level);
            if (i % 7 == 0)
            {
                _rtc.Out(0x70, RegC);
                copy.Out(0x70, RegC);
                Assert.Equal(_rtc.In(0x71), copy.In(0x71));
            }
        }

        Assert.Equal(SnapshotProbe.Save(_rtc), SnapshotProbe.Save(copy));
    }

    private byte Read(int register)
    {
        _rtc.Out(0x70, (byte)register);
        return _rtc.In(0x71);
    }

    private void Write(int register, byte value)
    {
        _rtc.Out(0x70, (byte)register);
        _rtc.Out(0x71, value);
    }

    private string Time() => $"{Read(9):x2}-{Read(8):x2}-{Read(7):x2} {Read(4):x2}:{Read(2):x2}:{Read(0):x2} {Read(6):x} {Read(0x32):x2}";
}
