using System.Text;
using Emulator.Machines;

namespace Emulator.System.Tests.Machines;

/// <summary>Runs an image on our own PC.</summary>
internal static class OwnMachine
{
    private const long Patience = 100_000_000;

    /// <summary>What the image printed, and how the run ended.</summary>
    public static (string Text, PcRun Run) Run(byte[] image, bool singleStep = false)
    {
        var text = new StringBuilder();
        var builder = new PcBuilder
        {
            Kernel = new ImageFile("exerciser", image),
            MemorySize = 16 << 20,
            DebugConsole = value => text.Append((char)value),
            SingleStep = singleStep,
        };
        using var machine = builder.Build().Value!;
        var run = machine.Run(Patience);
        return (text.ToString(), run);
    }
}
