namespace Emulator.Machines;

/// <summary>A device reached through the x86 I/O space.</summary>
public interface IPortDevice
{
    /// <summary>The ports the device answers; fixed after construction.</summary>
    IReadOnlyList<PortRange> Ports { get; }

    /// <summary>Reads <paramref name="size"/> bytes (at most the width declared for the port), little endian.</summary>
    uint ReadPort(ushort port, int size);

    /// <summary>Writes the low <paramref name="size"/> bytes of <paramref name="value"/>.</summary>
    void WritePort(ushort port, int size, uint value);
}
