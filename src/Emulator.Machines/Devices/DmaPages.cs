namespace Emulator.Machines;

/// <summary>The DMA page registers (81 to 8F), which are plain memory as long as nobody transfers; port 80 belongs to <see cref="PostPort"/>.</summary>
public sealed class DmaPages : IPortDevice, ISnapshotPart
{
    private readonly byte[] _pages = new byte[16];

    /// <inheritdoc/>
    public string PartName => "dma.pages";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x81, 15)];

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => _pages[port & 15];

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value) => _pages[port & 15] = (byte)value;

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s) => s.Values<byte>(_pages);
}
