using Emulator.Cli.Boot;
using Emulator.Machines;

namespace Emulator.Cli.Tests;

/// <summary>A machine that follows a script: each slice prints a character; after some instructions it ends.</summary>
internal sealed class FakeMachine(MachineOutputs outputs, long lifetime, SliceResult end) : IMachine
{
    public long Instructions { get; private set; }

    public IEnumerable<(string Name, string Value)> Statistics => [("blocks", "7")];

    public bool IsDisposed { get; private set; }

    public List<byte> Received { get; } = [];

    public SliceResult Run(long instructions)
    {
        outputs.DebugConsole((byte)'d');
        outputs.Serial((byte)'s');
        Instructions += Math.Min(instructions, lifetime - Instructions);
        return Instructions == lifetime ? end : new SliceResult(MachineEnd.None);
    }

    public void Stop()
    {
    }

    public TextScreen? ReadScreen() => TestScreens.Show((0, 0x1F48), (81, 0x0769));

    public void Type(ConsoleKeyInfo key)
    {
    }

    public void Receive(byte[] bytes) => Received.AddRange(bytes);

    public void Dispose() => IsDisposed = true;
}
