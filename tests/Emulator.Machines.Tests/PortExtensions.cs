namespace Emulator.Machines.Tests;

/// <summary>Port accesses as short as in assembly.</summary>
internal static class PortExtensions
{
    /// <summary>Reads a byte.</summary>
    public static byte In(this IPortDevice device, int port) => (byte)device.ReadPort((ushort)port, 1);

    /// <summary>Writes bytes to one port, one after the other.</summary>
    public static void Out(this IPortDevice device, int port, params ReadOnlySpan<byte> values)
    {
        foreach (byte value in values)
            device.WritePort((ushort)port, 1, value);
    }
}
