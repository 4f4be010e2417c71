namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    /// <summary>Bytes of what a monitor's memory has of its own.</summary>
    public const ulong OwnSize = 1UL << PageTable.DirectoryShift;

    private readonly PhysicalMemory? _under;
    private readonly List<PhysicalMemory> _above = [];
    private Action? _mapChanged;

    /// <summary>Makes the physical memory of a monitor's machine: all of its guest's, the same pages, devices and address mask, with the same eye on decoded code and logged writes; and a gigabyte of
    /// its own, which the guest cannot name. What the guest has at these addresses is hidden here.</summary>
    /// <remarks>Map pages there in address ranges whose bits an <see cref="AddressMask"/> of the guest does not clear. To be disposed before <paramref name="under"/>.</remarks>
    /// <param name="under">The guest's physical memory, of more than 2^30 bytes; itself a monitor's, perhaps.</param>
    /// <param name="below">Where the gigabyte must end at the latest: the highest one in which the guest has nothing now is taken, or just the highest if it has something in all.</param>
    /// <exception cref="ArgumentException">There is no gigabyte below that address which is not another monitor's.</exception>
    public PhysicalMemory(PhysicalMemory under, ulong below)
    {
        ArgumentNullException.ThrowIfNull(under);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(under._addressBits, PageTable.DirectoryShift, nameof(under));
        _under = under;
        _addressBits = under._addressBits;
        _widthMask = under._widthMask;
        _mask = under._mask;
        _devices = under._devices;
        _watchers = under._watchers;
        OwnBase = under.FreeGigabyte(Math.Min(below, _widthMask + 1))
            ?? throw new ArgumentException($"below 0x{below:x} there is no gigabyte that is not another monitor's", nameof(below));
        _pages = new PageTable(_addressBits, under._pages, OwnBase);
        under._above.Add(this);
    }

    /// <summary>Where they are; for the memory of a monitor's machine.</summary>
    public ulong OwnBase { get; }

    /// <summary>The memory all others lie over; who listens, listens there.</summary>
    private PhysicalMemory Lowest => _under == null ? this : _under.Lowest;

    /// <summary>Whether an address lies in the monitor's own gigabyte, where a guest's page must not lead.</summary>
    public bool IsOwn(ulong address) => _under != null && address - OwnBase < OwnSize;

    private ulong? FreeGigabyte(ulong below)
    {
        ulong? highest = null;
        for (var at = below & ~(OwnSize - 1); at != 0;)
        {
            at -= OwnSize;
            if (IsMonitors(at))
            {
                continue;
            }

            highest ??= at;
            if (!_pages.HasLeaf(at))
            {
                return at;
            }
        }

        return highest;
    }

    private bool IsMonitors(ulong address) => IsOwn(address) || (_under != null && _under.IsMonitors(address));

    private void SetMask(ulong mask)
    {
        _mask = mask;
        foreach (var memory in _above)
        {
            memory.SetMask(mask);
        }
    }

    private void RaiseMapChanged() => Lowest._mapChanged?.Invoke();

    private void Leave() => _under?._above.Remove(this);
}
