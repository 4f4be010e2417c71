namespace Emulator.Machines;

/// <summary>QEMU's isa-debug-exit: a write of v ends the machine with exit code (v &lt;&lt; 1) | 1.</summary>
/// <param name="port">First of its four ports.</param>
/// <param name="exit">Told the exit code.</param>
public sealed class DebugExit(ushort port, Action<int> exit) : IPortDevice
{
    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(port, 4, Width: 4)];

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => 0;

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value) => exit((int)(value << 1) | 1);
}
