namespace Emulator.Machines.Tests.Devices;

/// <summary>The core-local interruptor.</summary>
public sealed class ClintTests
{
    private const ulong Compare0 = 0x4000, Compare1 = 0x4008, Time = 0xBFF8;

    private readonly ManualClock _clock = new();
    private readonly Clint _clint;

    public ClintTests() => _clint = new Clint(_clock, 2);

    [Fact]
    public void Time_counts_ten_million_a_second()
    {
        _clock.Advance(1_000_000_000);
        Assert.Equal(10_000_000ul, _clint.Read(Time, 8));
        _clock.Advance(100);
        Assert.Equal(10_000_001ul, _clint.Read(Time, 4) & 0xFFFF_FFFF);
        Assert.Equal(0ul, _clint.Read(Time + 4, 4));
    }

    [Fact]
    public void Time_can_be_set_by_halves()
    {
        _clint.Write(Time + 4, 4, 5);
        _clint.Write(Time, 4, 7);
        Assert.Equal(0x5_0000_0007ul, _clint.Read(Time, 8));
        _clock.Advance(300);
        Assert.Equal(0x5_0000_000Aul, _clint.Read(Time, 8));
    }

    [Fact]
    public void The_timer_interrupt_stands_from_the_compared_tick_on()
    {
        _clint.Write(Compare1, 8, 50);
        _clock.Advance(4_999);
        Assert.False(_clint.Timer[1].Level);
        _clock.Advance(1);
        Assert.True(_clint.Timer[1].Level);
        Assert.False(_clint.Timer[0].Level);
        _clint.Write(Compare1, 8, 51);
        Assert.False(_clint.Timer[1].Level);
        _clock.Advance(100);
        Assert.True(_clint.Timer[1].Level);
    }

    [Fact]
    public void The_comparator_can_be_written_by_halves_and_read_back()
    {
        _clint.Write(Compare0, 4, 0xFFFF_FFFF);
        _clint.Write(Compare0 + 4, 4, 0);
        Assert.Equal(0xFFFF_FFFFul, _clint.Read(Compare0, 8));
        Assert.Equal(0ul, _clint.Read(Compare0 + 4, 4));
        Assert.False(_clint.Timer[0].Level);
        _clint.Write(Compare0, 4, 0);
        Assert.True(_clint.Timer[0].Level);
    }

    [Fact]
    public void Setting_the_time_moves_what_is_due()
    {
        _clint.Write(Compare0, 8, 1_000);
        _clint.Write(Time, 8, 999);
        Assert.False(_clint.Timer[0].Level);
        _clock.Advance(100);
        Assert.True(_clint.Timer[0].Level);
    }

    [Fact]
    public void Harts_call_each_other()
    {
        _clint.Write(4, 4, 0xFFFF_FFFF);
        Assert.True(_clint.Software[1].Level);
        Assert.False(_clint.Software[0].Level);
        Assert.Equal(1ul, _clint.Read(4, 4));
        _clint.Write(4, 4, 0xFFFF_FFFE);
        Assert.False(_clint.Software[1].Level);
    }

    [Fact]
    public void Anything_else_reads_zero_and_a_snapshot_holds_everything()
    {
        _clint.Write(0x3000, 4, 1);
        _clint.Write(0x7FF8, 8, 1);
        Assert.Equal(0ul, _clint.Read(0x3000, 4));
        Assert.Equal(0ul, _clint.Read(0x7FF8, 8));
        _clint.Write(Compare0, 8, 0);
        _clint.Write(0, 4, 1);
        var other = new Clint(new ManualClock(), 2);
        Assert.Null(SnapshotProbe.Load(other, SnapshotProbe.Save(_clint)));
        Assert.True(other.Timer[0].Level && other.Software[0].Level);
        Assert.Equal(SnapshotProbe.Save(_clint), SnapshotProbe.Save(other));
    }
}
