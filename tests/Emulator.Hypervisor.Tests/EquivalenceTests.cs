using Emulator.Machines;
using Emulator.Tour;
using Emulator.X86;

namespace Emulator.Hypervisor.Tests;

/// <summary>The same guest leaves the same on the bare machine and under the monitor: console, screen, registers, memory, and the number of instructions.</summary>
public sealed class EquivalenceTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const long Patience = 500_000_000;

    [Fact]
    public void TheTour() => Same(b => b.Kernel = new ImageFile("tour", TourImage.Build().Bytes), Patience);

    private void Same(Action<PcBuilder> describe, long budget)
    {
        using var bare = new HostedPc(describe, null);
        using var hosted = new HostedPc(describe, CriticalPolicy.Patch);
        var expected = bare.Machine.Run(budget);
        var actual = hosted.Machine.Run(budget);
        MonitorStatistics statistics = hosted.Monitor!.Statistics;
        output.WriteLine($"{hosted.Machine.Instructions} instructions, {statistics.Direct} direct, {statistics.Interpreted} interpreted, {statistics.Exits} exits: {statistics.ExitsPerThousand:F1} a thousand");
        foreach (var (form, count) in statistics.ByForm(X86Metadata.Instance).Take(12))
            output.WriteLine($"{count,10} {form.Instruction} {form.Encoding}");
        Assert.Equal(bare.Written, hosted.Written);
        Assert.Equal(expected, actual);
        Assert.Equal(bare.Machine.Instructions, hosted.Machine.Instructions);
        Assert.Equal(bare.Machine.HashState(), hosted.Machine.HashState());
        Assert.True(statistics.Direct > 0);
    }
}
