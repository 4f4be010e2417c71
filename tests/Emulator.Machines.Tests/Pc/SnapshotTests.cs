using Emulator.Tour;

namespace Emulator.Machines.Tests.Pc;

/// <summary>Snapshots continue exactly, damage is noticed, and no way of cutting a run into pieces changes it.</summary>
public sealed class SnapshotTests
{
    private const long Budget = 3_000_000;

    private static readonly byte[] Tour = TourImage.Build().Bytes;

    [Theory]
    [InlineData(1)]
    [InlineData(54_321)]
    [InlineData(700_001)]
    [InlineData(2_345_678)]
    public void A_restored_machine_goes_on_exactly_like_the_one_saved(long at)
    {
        using Guest first = Boot();
        first.Run(at);
        var snapshot = new MemoryStream();
        first.Machine.Save(snapshot);
        using Guest second = Boot();
        second.Run(12_345); // what it did before does not matter
        string before = second.Output;
        snapshot.Position = 0;
        Assert.Null(second.Machine.Restore(snapshot));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());

        string outputThen = first.Output;
        Assert.Equal(first.Run(Budget), second.Run(Budget));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
        Assert.Equal(first.Output[outputThen.Length..], second.Output[before.Length..]);
    }

    [Fact]
    public void An_ended_machine_stays_ended()
    {
        using Guest first = Boot();
        PcRun end = first.Run(long.MaxValue);
        Assert.Equal(PcEnd.GuestExit, end.End);
        var snapshot = new MemoryStream();
        first.Machine.Save(snapshot);
        using Guest second = Boot();
        snapshot.Position = 0;
        Assert.Null(second.Machine.Restore(snapshot));
        Assert.Equal(first.Run(1), second.Run(1));
    }

    [Fact]
    public void A_reset_that_waits_is_part_of_the_snapshot()
    {
        using Guest first = Boot();
        first.Run(10_000);
        first.Machine.Reset();
        var snapshot = new MemoryStream();
        first.Machine.Save(snapshot);
        using Guest second = Boot();
        snapshot.Position = 0;
        Assert.Null(second.Machine.Restore(snapshot));
        Assert.Equal(0xFFF0ul, second.Machine.Cpu.Pc);
        Assert.Equal(first.Run(100), second.Run(100));
        Assert.Equal(first.Machine.HashState(), second.Machine.HashState());
    }

    [Fact]
    public void Equal_runs_end_in_equal_states_however_they_are_cut()
    {
        using Guest whole = Boot();
        whole.Run(Budget);
        string expected = whole.Machine.HashState();
        foreach (long slice in (long[])[1_000, 99_991, 1_234_567])
        {
            using Guest cut = Boot();
            while (cut.Machine.Instructions < Budget)
                cut.Run(Math.Min(slice, Budget - cut.Machine.Instructions));
            Assert.Equal(expected, cut.Machine.HashState());
        }

        using Guest stepped = Boot(b => b.SingleStep = true);
        stepped.Run(Budget);
        Assert.Equal(expected, stepped.Machine.HashState());
    }

    [Fact]
    public void Damage_and_other_machines_are_noticed_before_anything_changes()
    {
        using Guest guest = Boot();
        guest.Run(100_000);
        var stream = new MemoryStream();
        guest.Machine.Save(stream);
        byte[] snapshot = stream.ToArray();
        using Guest other = Boot();
        string untouched = other.Machine.HashState();
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = (byte[])snapshot.Clone();
            if (i % 2 == 0)
                damaged[i < 40 ? i : random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            else
                damaged = damaged[..random.Next(damaged.Length)];
            Assert.NotNull(other.Machine.Restore(new MemoryStream(damaged)));
            Assert.Equal(untouched, other.Machine.HashState());
        }

        using Guest bigger = Boot(b => b.MemorySize = 32 << 20);
        Assert.Contains("other memory", bigger.Machine.Restore(new MemoryStream(snapshot)));
        Assert.Null(other.Machine.Restore(new MemoryStream(snapshot)));
    }

    private static Guest Boot(Action<PcBuilder>? configure = null)
    {
        var builder = new PcBuilder { Kernel = new ImageFile("tour", Tour), MemorySize = 16 << 20, Serial = _ => { } };
        configure?.Invoke(builder);
        return Guest.Of(builder);
    }
}
