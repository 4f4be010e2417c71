namespace Emulator.Machines.Tests.Devices;

/// <summary>The platform-level interrupt controller against its specification.</summary>
public sealed class PlicTests
{
    private const ulong Pending = 0x1000, Enable = 0x2000, Threshold = 0x200000, Claim = 0x200004, Stride = 0x1000;

    private readonly Plic _plic = new(2);

    [Fact]
    public void A_source_interrupts_the_contexts_it_is_enabled_for()
    {
        Set(10, priority: 1, context: 1);
        _plic.SetLevel(10, true);
        Assert.Equal([false, true, false, false], _plic.Outputs.Select(o => o.Level));
        Assert.Equal(1u << 10, Read(Pending));
        Assert.Equal(10u, Read(Claim + Stride));
        Assert.False(_plic.Outputs[1].Level);
        Assert.Equal(0u, Read(Claim + Stride));
    }

    [Fact]
    public void A_line_still_driven_interrupts_again_after_completion_and_not_before()
    {
        Set(10, priority: 1, context: 0);
        _plic.SetLevel(10, true);
        Assert.Equal(10u, Read(Claim));
        _plic.SetLevel(10, false);
        _plic.SetLevel(10, true);
        Assert.False(_plic.Outputs[0].Level);
        Write(Claim, 10);
        Assert.True(_plic.Outputs[0].Level);
        Assert.Equal(10u, Read(Claim));
        _plic.SetLevel(10, false);
        Write(Claim, 10);
        Assert.False(_plic.Outputs[0].Level);
    }

    [Fact]
    public void The_highest_priority_goes_first_then_the_lowest_number()
    {
        foreach ((int source, uint priority) in ((int, uint)[])[(40, 3), (7, 2), (3, 2), (95, 7)])
        {
            Set(source, priority, context: 0);
            _plic.SetLevel(source, true);
        }

        Assert.Equal([95u, 40u, 3u, 7u, 0u], Enumerable.Range(0, 5).Select(_ => Read(Claim)));
    }

    [Fact]
    public void The_threshold_masks_the_output_but_not_a_claim()
    {
        Set(5, priority: 3, context: 0);
        Write(Threshold, 3);
        _plic.SetLevel(5, true);
        Assert.False(_plic.Outputs[0].Level);
        Write(Threshold, 2);
        Assert.True(_plic.Outputs[0].Level);
        Write(Threshold, 7);
        Assert.Equal(5u, Read(Claim));
    }

    [Fact]
    public void Priority_zero_never_interrupts_and_source_zero_does_not_exist()
    {
        Set(5, priority: 0, context: 0);
        _plic.SetLevel(5, true);
        Assert.False(_plic.Outputs[0].Level);
        Assert.Equal(0u, Read(Claim));
        Write(0, 7);
        Write(Enable, 0xFFFF_FFFF);
        Assert.Equal(0u, Read(0));
        Assert.Equal(0xFFFF_FFFEu, Read(Enable));
        Write(4, 0xFFFF_FFFF);
        Assert.Equal(7u, Read(4));
    }

    [Fact]
    public void Completing_what_is_not_enabled_for_the_context_changes_nothing()
    {
        Set(10, priority: 1, context: 0);
        _plic.SetLevel(10, true);
        Assert.Equal(10u, Read(Claim));
        Write(Claim + Stride, 10);
        Write(Claim, 11);
        Write(Claim, 0xFFFF_FFFF);
        Assert.False(_plic.Outputs[0].Level);
        Write(Claim, 10);
        Assert.True(_plic.Outputs[0].Level);
    }

    [Fact]
    public void Random_accesses_do_no_harm_and_a_snapshot_holds_everything()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            ulong at = (ulong)random.Next(3) switch { 0 => (ulong)random.Next(0x2400), 1 => Threshold + (ulong)random.Next(0x5000), _ => (ulong)random.Next((int)Plic.Size) } & ~3ul;
            if (random.Next(2) == 0)
                Write(at, (uint)random.Next());
            else
                Read(at);
            _plic.SetLevel(1 + random.Next(Plic.Sources), random.Next(2) == 0);
        }

        var other = new Plic(2);
        Assert.Null(SnapshotProbe.Load(other, SnapshotProbe.Save(_plic)));
        Assert.Equal(_plic.Outputs.Select(o => o.Level), other.Outputs.Select(o => o.Level));
        _plic.Reset();
        Assert.All(_plic.Outputs, output => Assert.False(output.Level));
    }

    private void Set(int source, uint priority, int context)
    {
        Write(4 * (ulong)source, priority);
        ulong word = Enable + (0x80 * (ulong)context) + (4 * (ulong)(source / 32));
        Write(word, Read(word) | (1u << (source % 32)));
    }

    private uint Read(ulong offset) => (uint)_plic.Read(offset, 4);

    private void Write(ulong offset, uint value) => _plic.Write(offset, 4, value);
}
