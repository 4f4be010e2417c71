namespace Emulator.Machines;

/// <summary>A debug console as QEMU's (port 402) and Bochs's (port E9): bytes written appear on the host; reading gives E9, which is how firmware finds it.</summary>
public sealed class DebugConsole(ushort port, Action<byte> sink) : IPortDevice
{
    private const uint Signature = 0xE9;

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(port, 1)];

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => Signature;

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value) => sink((byte)value);
}
