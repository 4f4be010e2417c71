namespace Emulator.Runtime;

/// <summary>Splits accesses wider than a device takes.</summary>
internal static class DeviceAccess
{
    public static ulong Read(IBusDevice device, ulong offset, int size)
    {
        var max = device.MaxAccessSize;
        if (size <= max)
        {
            return device.Read(offset, size) & Bus.AllOnes(size);
        }

        ulong value = 0;
        for (var i = 0; i < size; i += max)
        {
            value |= (device.Read(offset + (ulong)i, max) & Bus.AllOnes(max)) << (8 * i);
        }

        return value;
    }

    public static void Write(IBusDevice device, ulong offset, int size, ulong value)
    {
        var max = device.MaxAccessSize;
        if (size <= max)
        {
            device.Write(offset, size, value);
            return;
        }

        for (var i = 0; i < size; i += max)
        {
            device.Write(offset + (ulong)i, max, (value >> (8 * i)) & Bus.AllOnes(max));
        }
    }
}
