using System.Runtime.InteropServices;

namespace Emulator.Hypervisor;

/// <summary>Which shadow entries let a page of the guest be written: to be closed when it turns out to be a page table.</summary>
/// <param name="entries">Number of shadow entries there can be.</param>
internal sealed class WritableMappings(int entries)
{
    private const int None = -1;

    private readonly Dictionary<ulong, int> _first = [];
    private readonly int[] _next = new int[entries];

    public void Add(ulong page, int entry)
    {
        ref int first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, page, out bool exists);
        _next[entry] = exists ? first : None;
        first = entry;
    }

    public void Remove(ulong page, int entry)
    {
        ref int link = ref CollectionsMarshal.GetValueRefOrNullRef(_first, page);
        if (link == entry && _next[entry] == None)
        {
            _first.Remove(page);
            return;
        }

        while (link != entry)
            link = ref _next[link];
        link = _next[entry];
    }

    /// <summary>An entry that maps the page; false when there is none.</summary>
    public bool TryGet(ulong page, out int entry) => _first.TryGetValue(page, out entry);

    public void Clear() => _first.Clear();
}
