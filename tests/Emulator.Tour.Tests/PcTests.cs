using System.Text;
using Emulator.Machines;
using Xunit;

namespace Emulator.Tour.Tests;

/// <summary>The tour on our own PC: the very text another emulator prints.</summary>
public sealed class PcTests
{
    private const long Patience = 500_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Our_machine_prints_the_same_and_ends_with_exit_code_1(bool singleStep)
    {
        var debug = new StringBuilder();
        var serial = new StringBuilder();
        var builder = new PcBuilder
        {
            Kernel = new ImageFile("tour", TourImage.Build().Bytes),
            DebugConsole = value => debug.Append((char)value),
            Serial = value => serial.Append((char)value),
            SingleStep = singleStep,
        };
        using var machine = builder.Build().Value!;
        var run = machine.Run(Patience);
        Assert.Equal(ExpectedOutput.Text, debug.ToString());
        Assert.Equal(ExpectedOutput.Text.ReplaceLineEndings("\r\n"), serial.ToString());
        Assert.Equal((PcEnd.GuestExit, 1), (run.End, run.ExitCode));

        // The screen shows the last 25 lines, the last of them empty.
        var lines = ExpectedOutput.Text.Split('\n');
        Assert.Equal(string.Join('\n', lines[^25..]).TrimEnd() + "\n", string.Join('\n', machine.Vga.Text!.ToText().Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void Least_memory_is_enough()
    {
        var builder = new PcBuilder { Kernel = new ImageFile("tour", TourImage.Build().Bytes), MemorySize = PcBuilder.LeastMemory };
        using var machine = builder.Build().Value!;
        Assert.Equal(1, machine.Run(Patience).ExitCode);
    }
}
