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
    public PhysicalMemory(PhysicalMemory under)
    {
        ArgumentNullException.ThrowIfNull(under);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(under._addressBits, PageTable.DirectoryShift, nameof(under));
        _under = under;
        _addressBits = under._addressBits;
        _widthMask = under._widthMask;
        _mask = under._mask;
        _devices = under._devices;
        _watchers = under._watchers;
        OwnBase = (under._under == null ? _widthMask + 1 : under.OwnBase) - OwnSize;
        _pages = new PageTable(_addressBits, under._pages, OwnBase);
        under._above.Add(this);
    }

    /// <summary>Where they are; for the memory of a monitor's machine.</summary>
    public ulong OwnBase { get; }

    /// <summary>The memory all others lie over; who listens, listens there.</summary>
    private PhysicalMemory Lowest => _under == null ? this : _under.Lowest;

    private bool IsOwn(ulong address) => address >> PageTable.DirectoryShift == OwnBase >> PageTable.DirectoryShift;

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
