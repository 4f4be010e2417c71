namespace Emulator.Runtime;

/// <summary>A 16-bit I/O port space: ranges of ports claimed by devices.</summary>
/// <remarks>An access that lies in one range goes to its device (split when the device takes only narrower ones); others are made byte by byte.</remarks>
public sealed class PortBus : Bus
{
    private const int Ports = 0x10000;
    private readonly ushort[] _owner = new ushort[Ports];
    private readonly List<Range?> _ranges = [null];
    private long _mappings;

    /// <summary>Gives ports to a device; a later mapping stands above an earlier one.</summary>
    /// <param name="first">First port.</param>
    /// <param name="count">Number of ports.</param>
    /// <param name="device">Who answers.</param>
    /// <param name="offset">The offset the device sees at <paramref name="first"/>.</param>
    public void Map(int first, int count, IBusDevice device, ulong offset = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, Ports);
        var index = _ranges.IndexOf(null, 1);
        if (index < 0)
        {
            index = _ranges.Count;
            _ranges.Add(null);
        }

        _ranges[index] = new Range(first, count, device, offset, _mappings++);
        Array.Fill(_owner, (ushort)index, first, count);
    }

    /// <summary>Gives ports to functions of (offset from <paramref name="first"/>, size in bytes).</summary>
    public void Map(int first, int count, Func<ulong, int, ulong>? read, Action<ulong, int, ulong>? write, int maxAccessSize = 1)
        => Map(first, count, new DelegateDevice(read, write, maxAccessSize));

    /// <summary>Takes a device off the bus; where it stood above others they answer again.</summary>
    public void Unmap(IBusDevice device)
    {
        for (var i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i]?.Device == device)
            {
                _ranges[i] = null;
            }
        }

        Array.Clear(_owner);
        foreach (var range in _ranges.OfType<Range>().OrderBy(range => range.Order))
        {
            Array.Fill(_owner, (ushort)_ranges.IndexOf(range), range.First, range.Count);
        }
    }

    /// <inheritdoc/>
    public override ulong Read(ulong address, int size)
    {
        var port = (int)address & (Ports - 1);
        if (_ranges[_owner[port]] is { } range && InOneRange(port, size))
        {
            return DeviceAccess.Read(range.Device, (ulong)(port - range.First) + range.Offset, size);
        }

        if (size == 1)
        {
            return 0xFF;
        }

        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            value |= Read((ulong)(port + i), 1) << (8 * i);
        }

        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong address, int size, ulong value)
    {
        var port = (int)address & (Ports - 1);
        if (_ranges[_owner[port]] is { } range && InOneRange(port, size))
        {
            DeviceAccess.Write(range.Device, (ulong)(port - range.First) + range.Offset, size, value & AllOnes(size));
        }
        else if (size > 1)
        {
            for (var i = 0; i < size; i++)
            {
                Write((ulong)(port + i), 1, (value >> (8 * i)) & 0xFF);
            }
        }
    }

    private bool InOneRange(int port, int size)
    {
        var last = port + size - 1;
        if (last >= Ports || (size & (size - 1)) != 0)
        {
            return size == 1;
        }

        // The owners in between count too: a small range may sit inside a larger one.
        for (var i = port + 1; i <= last; i++)
        {
            if (_owner[i] != _owner[port])
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Range(int First, int Count, IBusDevice Device, ulong Offset, long Order);
}
