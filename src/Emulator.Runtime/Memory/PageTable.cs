namespace Emulator.Runtime;

/// <summary>The two-level table of physical pages: a directory entry per GB, filled when something is mapped there.</summary>
internal sealed unsafe class PageTable : IDisposable
{
    private const int LeafBits = 18;

    /// <summary>Address bits a directory entry covers.</summary>
    public const int DirectoryShift = LeafBits + 12;

    private readonly NativeBlock _directory;
    private readonly List<(ulong Page, NativeBlock Memory)> _leaves = [];
    private readonly PageEntry** _leaf;
    private readonly PageTable? _under;
    private readonly ulong _own;

    /// <summary>Makes the table of another's pages, but for one directory entry of its own.</summary>
    /// <param name="addressBits">Bits of an address.</param>
    /// <param name="under">The other.</param>
    /// <param name="own">Any address in the gigabyte that is its own.</param>
    public PageTable(int addressBits, PageTable under, ulong own)
        : this(addressBits)
    {
        (_under, _own) = (under, own >> DirectoryShift);
    }

    public PageTable(int addressBits)
    {
        var count = addressBits <= DirectoryShift ? 1 : 1L << (addressBits - DirectoryShift);
        _directory = new NativeBlock((nuint)(count * sizeof(PageEntry*)));
        _leaf = (PageEntry**)_directory.Pointer;
    }

    /// <summary>Whether anything was ever mapped in the gigabyte of an address.</summary>
    public bool HasLeaf(ulong address) => Find(address & ~((1UL << DirectoryShift) - 1)) != null;

    /// <summary>The entry of a masked address, or null when nothing was ever mapped near.</summary>
    public PageEntry* Find(ulong address)
    {
        if (_under != null && address >> DirectoryShift != _own)
        {
            return _under.Find(address);
        }

        var leaf = _leaf[address >> DirectoryShift];
        return leaf == null ? null : leaf + ((address >> 12) & ((1 << LeafBits) - 1));
    }

    /// <summary>The entry of a masked address, made when missing.</summary>
    public PageEntry* Get(ulong address)
    {
        if (_under != null && address >> DirectoryShift != _own)
        {
            return _under.Get(address);
        }

        var slot = &_leaf[address >> DirectoryShift];
        if (*slot == null)
        {
            var memory = new NativeBlock((nuint)((1L << LeafBits) * sizeof(PageEntry)));
            _leaves.Add((address >> DirectoryShift << DirectoryShift, memory));
            *slot = (PageEntry*)memory.Pointer;
        }

        return *slot + ((address >> 12) & ((1 << LeafBits) - 1));
    }

    public void Dispose()
    {
        foreach (var (_, memory) in _leaves)
        {
            memory.Dispose();
        }

        _directory.Dispose();
    }
}
