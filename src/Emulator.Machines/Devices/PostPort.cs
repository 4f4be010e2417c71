namespace Emulator.Machines;

/// <summary>The diagnostic port 80, where firmware writes progress codes.</summary>
public sealed class PostPort : IPortDevice, ISnapshotPart
{
    private byte _code;

    /// <inheritdoc/>
    public string PartName => "post";

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> Ports { get; } = [new(0x80, 1)];

    /// <summary>The code written last.</summary>
    public byte Code => _code;

    /// <inheritdoc/>
    public uint ReadPort(ushort port, int size) => _code;

    /// <inheritdoc/>
    public void WritePort(ushort port, int size, uint value) => _code = (byte)value;

    /// <inheritdoc/>
    public void Transfer(SnapshotStream s) => s.Value(ref _code);
}
