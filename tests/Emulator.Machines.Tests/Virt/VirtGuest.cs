using System.Text;
using Emulator.Testing.RiscV;

namespace Emulator.Machines.Tests.Virt;

/// <summary>A virt machine and what its serial port and virtio console printed.</summary>
internal sealed class VirtGuest : IDisposable
{
    private readonly StringBuilder _serial = new(), _console = new();

    private VirtGuest(VirtBuilder builder)
    {
        builder.Serial = value => _serial.Append((char)value);
        builder.Console = value => _console.Append((char)value);
        Assert.True(builder.Build().TryGet(out VirtMachine? machine, out ImageError? error), $"{error}");
        Machine = machine;
    }

    public VirtMachine Machine { get; }

    public string Output => _serial.ToString();

    public string ConsoleOutput => _console.ToString();

    public static VirtGuest Of(VirtBuilder builder) => new(builder);

    /// <summary>A machine that starts with a program at the beginning of RAM, in machine mode.</summary>
    public static VirtGuest Program(int xlen, Action<VirtBuilder>? configure, params string[] lines)
    {
        var builder = new VirtBuilder { Xlen = xlen, MemorySize = 8 << 20, Kernel = new ImageFile("program", RiscvCode.Assemble(xlen, VirtMap.Ram, lines)) };
        configure?.Invoke(builder);
        return Of(builder);
    }

    /// <summary>Runs until a text was printed after a position of the output; fails when the machine ends first or patience does.</summary>
    public void RunTo(string text, int after = 0, long patience = 3_000_000_000)
    {
        long end = Machine.Instructions + patience;
        while (Output.IndexOf(text, after, StringComparison.Ordinal) < 0)
        {
            VirtRun run = Machine.Run(200_000);
            Assert.True(run.End == VirtEnd.Budget && Machine.Instructions < end, $"{run.End} at {Machine.Harts[0].Pc:x} without '{text}':\n{Output}");
        }
    }

    public void Dispose() => Machine.Dispose();
}
