namespace Emulator.Runtime;

/// <summary>The physical address space of a machine: RAM, ROM and devices, remappable at run time.</summary>
/// <remarks>
/// Memory is mapped by 4 KB pages, devices by bytes. A later mapping replaces an earlier one of the same kind; where a device and memory meet, memory answers, so map
/// devices over unmapped pages. What nobody answers reads as all ones. Map RAM at one address only: decoded code is tracked by physical address.
/// </remarks>
public sealed unsafe partial class PhysicalMemory : Bus, IDisposable
{
    /// <summary>Bytes per page.</summary>
    public const int PageSize = 4096;

    private const int PageMask = PageSize - 1;
    private readonly PageTable _pages;
    private readonly List<NativeBlock> _owned = [];
    private readonly List<(ulong Address, NativeBlock Memory)> _ram = [];
    private readonly List<DeviceMapping> _devices;
    private readonly int _addressBits;
    private readonly ulong _widthMask;
    private ulong _mask;

    /// <summary>Makes an empty address space of 2^<paramref name="addressBits"/> bytes (12 to 52 bits); higher address bits are ignored.</summary>
    public PhysicalMemory(int addressBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(addressBits, 12);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addressBits, 52);
        _pages = new PageTable(addressBits);
        _devices = [];
        _watchers = [];
        _addressBits = addressBits;
        _mask = _widthMask = (1UL << addressBits) - 1;
    }

    /// <summary>Raised after the map or the address mask changed: cached translations hold host pointers and must be dropped.</summary>
    public event Action? MapChanged
    {
        add => Lowest._mapChanged += value;
        remove => Lowest._mapChanged -= value;
    }

    /// <summary>Address bits that reach the bus, for a gate such as A20 of the PC; bits above the width of the address space are always dropped.</summary>
    public ulong AddressMask
    {
        get => _mask;
        set
        {
            var mask = (value | PageMask) & _widthMask;
            if (mask != _mask)
            {
                SetMask(mask);
                RaiseMapChanged();
            }
        }
    }

    /// <inheritdoc/>
    public override PhysicalMemory Pages => this;

    /// <summary>RAM made by <see cref="AddRam"/>: what a snapshot holds.</summary>
    public IReadOnlyList<(ulong Address, NativeBlock Memory)> Ram => _ram;

    /// <summary>Allocates zeroed RAM and maps it; address and size in bytes, multiples of 4096. The memory is freed with this object.</summary>
    public NativeBlock AddRam(ulong address, ulong size)
    {
        var memory = Allocate(size);
        _ram.Add((address, memory));
        MapMemory(address, size, memory.Pointer, memory.Pointer);
        return memory;
    }

    /// <summary>Copies an image into ROM, padded with zeros to whole pages, and maps it; address a multiple of 4096. The memory is freed with this object.</summary>
    public NativeBlock AddRom(ulong address, ReadOnlySpan<byte> image)
    {
        var size = ((ulong)image.Length + PageMask) & ~(ulong)PageMask;
        var memory = Allocate(size);
        image.CopyTo(memory.AsSpan(0, image.Length));
        MapMemory(address, size, memory.Pointer, null);
        return memory;
    }

    /// <summary>Allocates zeroed memory that is freed with this object, without mapping it; size in bytes.</summary>
    public NativeBlock Allocate(ulong size)
    {
        var memory = new NativeBlock((nuint)size);
        _owned.Add(memory);
        return memory;
    }

    /// <summary>Maps host memory, page by page: what reads see and what writes change, each possibly null (all ones, dropped) or different (shadowing).</summary>
    /// <param name="address">First physical address, a multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    /// <param name="read">Host memory for reads and code, at least <paramref name="size"/> bytes, or null.</param>
    /// <param name="write">Host memory for writes, at least <paramref name="size"/> bytes, or null.</param>
    public void MapMemory(ulong address, ulong size, byte* read, byte* write)
    {
        CheckRange(address, size, PageMask);
        for (ulong offset = 0; offset < size; offset += PageSize)
        {
            var entry = _pages.Get(address + offset);
            var newRead = read == null ? null : read + offset;
            if (entry->Read != newRead)
            {
                entry->Read = newRead;
                NotifyCode(entry, address + offset, 0, PageSize);
            }

            entry->Write = write == null ? null : write + offset;
        }

        RaiseMapChanged();
    }

    /// <summary>Removes memory from pages: reads give all ones, or reach a device mapped there.</summary>
    public void UnmapMemory(ulong address, ulong size) => MapMemory(address, size, null, null);

    /// <summary>Maps a device.</summary>
    /// <param name="address">First physical address, any.</param>
    /// <param name="size">Bytes, any.</param>
    /// <param name="device">Who answers.</param>
    /// <param name="offset">The offset the device sees at <paramref name="address"/>.</param>
    public void MapDevice(ulong address, ulong size, IBusDevice device, ulong offset = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        CheckRange(address, size, 0);
        var mapping = new DeviceMapping(address, size, device, offset);
        _devices.Add(mapping);
        CountDevices(mapping, 1);
        RaiseMapChanged();
    }

    /// <summary>Removes every mapping of a device (a BAR that moves).</summary>
    public void UnmapDevice(IBusDevice device)
    {
        for (var i = _devices.Count - 1; i >= 0; i--)
        {
            if (_devices[i].Device == device)
            {
                CountDevices(_devices[i], -1);
                _devices.RemoveAt(i);
            }
        }

        RaiseMapChanged();
    }

    /// <summary>The address as the bus sees it: width and <see cref="AddressMask"/> applied.</summary>
    public ulong MaskAddress(ulong address) => address & _mask;

    /// <summary>Host memory of the page at an address, when accesses of the kind may go there directly.</summary>
    /// <param name="pageAddress">Any address in the page.</param>
    /// <param name="write">True also requires that writes change what reads see, that no code was decoded from the page and that its writes are neither logged nor watched.</param>
    /// <param name="host">The first host byte of the page.</param>
    public bool TryGetHostPage(ulong pageAddress, bool write, out byte* host)
    {
        var entry = _pages.Find(pageAddress & _mask);
        host = entry == null ? null : entry->Read;
        return host != null && (!write || (entry->Write == host && entry->CodeBits == null && entry->WriteLogged == 0 && entry->WriteWatched == 0));
    }

    /// <summary>Whether memory answers at an address; for writes, memory that reads see as well.</summary>
    public bool IsMemory(ulong address, bool write)
    {
        var entry = _pages.Find(address & _mask);
        return entry != null && entry->Read != null && (!write || entry->Write == entry->Read);
    }

    /// <summary>Whether a device answers at an address (and no memory does for that kind of access).</summary>
    public bool IsDevice(ulong address, bool write)
    {
        var entry = _pages.Find(address & _mask);
        return entry == null ? Unclaimed != null : (entry->Devices != 0 || Unclaimed != null) && (write ? entry->Write : entry->Read) == null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        ReleaseCode();
        _pages.Dispose();
        foreach (var memory in _owned)
        {
            memory.Dispose();
        }

        _owned.Clear();
        _ram.Clear();
    }

    private void CheckRange(ulong address, ulong size, ulong alignment)
    {
        if (((address | size) & alignment) != 0 || size == 0 || address > _widthMask || size - 1 > _widthMask - address)
        {
            throw new ArgumentException($"the range at 0x{address:x} of 0x{size:x} bytes is not aligned or outside the address space");
        }
    }

    private void CountDevices(DeviceMapping mapping, int change)
    {
        var last = mapping.Address + (mapping.Size - 1);
        for (var page = mapping.Address & ~(ulong)PageMask; page <= last; page += PageSize)
        {
            _pages.Get(page)->Devices += change;
        }
    }

    private DeviceMapping? FindDevice(ulong address)
    {
        // Later mappings win, and there are few.
        for (var i = _devices.Count - 1; i >= 0; i--)
        {
            if (address - _devices[i].Address < _devices[i].Size)
            {
                return _devices[i];
            }
        }

        return null;
    }

    private sealed record DeviceMapping(ulong Address, ulong Size, IBusDevice Device, ulong Offset);
}
