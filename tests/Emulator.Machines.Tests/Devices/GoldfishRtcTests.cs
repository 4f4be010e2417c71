namespace Emulator.Machines.Tests.Devices;

/// <summary>The Goldfish real-time clock.</summary>
public sealed class GoldfishRtcTests
{
    private readonly ManualClock _clock = new();
    private readonly GoldfishRtc _rtc;

    public GoldfishRtcTests() => _rtc = new GoldfishRtc(_clock, DateTime.UnixEpoch.AddSeconds(1000));

    [Fact]
    public void Reading_the_low_half_latches_the_high_half()
    {
        Assert.Equal(1_000_000_000_000ul, Time());
        _clock.Advance(5);
        Assert.Equal(1_000_000_000_005ul, Time());
        ulong low = _rtc.Read(0, 4);
        _clock.Advance(1L << 33);
        Assert.Equal(1_000_000_000_005ul, low | (_rtc.Read(4, 4) << 32));
    }

    [Fact]
    public void It_can_be_set()
    {
        _rtc.Write(4, 4, 3);
        _rtc.Write(0, 4, 9);
        Assert.Equal(0x3_0000_0009ul, Time());
    }

    [Fact]
    public void The_alarm_interrupts_while_enabled_until_cleared()
    {
        SetAlarm(Time() + 100);
        _rtc.Write(0x10, 4, 1);
        Assert.Equal(1ul, _rtc.Read(0x18, 4));
        _clock.Advance(99);
        Assert.False(_rtc.Irq.Level);
        _clock.Advance(1);
        Assert.True(_rtc.Irq.Level);
        Assert.Equal(0ul, _rtc.Read(0x18, 4));
        _rtc.Write(0x10, 4, 0);
        Assert.False(_rtc.Irq.Level);
        _rtc.Write(0x10, 4, 1);
        Assert.True(_rtc.Irq.Level);
        _rtc.Write(0x1C, 4, 1);
        Assert.False(_rtc.Irq.Level);
    }

    [Fact]
    public void An_alarm_in_the_past_rings_at_once_and_one_cleared_never()
    {
        _rtc.Write(0x10, 4, 1);
        SetAlarm(1);
        Assert.True(_rtc.Irq.Level);
        _rtc.Write(0x1C, 4, 1);
        SetAlarm(Time() + 100);
        _rtc.Write(0x14, 4, 1);
        _clock.Advance(1000);
        Assert.False(_rtc.Irq.Level);
    }

    private ulong Time() => _rtc.Read(0, 4) | (_rtc.Read(4, 4) << 32);

    private void SetAlarm(ulong time)
    {
        _rtc.Write(0xC, 4, time >> 32);
        _rtc.Write(0x8, 4, time & 0xFFFF_FFFF);
    }
}
