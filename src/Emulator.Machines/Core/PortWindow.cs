using Emulator.Runtime;

namespace Emulator.Machines;

/// <summary>One range of a <see cref="IPortDevice"/> on the port bus; offsets are port numbers.</summary>
internal sealed class PortWindow(IPortDevice device, int width) : IBusDevice
{
    /// <inheritdoc/>
    public int MaxAccessSize => width;

    /// <summary>Claims every port of a device.</summary>
    public static void Attach(PortBus bus, IPortDevice device)
    {
        foreach (PortRange range in device.Ports)
            bus.Map(range.First, range.Count, new PortWindow(device, range.Width), range.First);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => device.ReadPort((ushort)offset, size);

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value) => device.WritePort((ushort)offset, size, (uint)value);
}
