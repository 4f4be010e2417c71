using System.Runtime.InteropServices;
using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>
/// The shadow page tables of one processor: kept by what they stand for, so that they outlive the guest's switches of address spaces, and always in step with the guest's tables. Those are
/// watched; whatever is written there takes what was derived from it out of the shadows.
/// </summary>
/// <remarks>
/// <para>There is room for a fixed number of tables. When it is used up, one is given up that the real CPU has not walked for a while: its walks leave accessed bits in the shadows, which a
/// hand that goes round clears (second chance). Address spaces whose tables are all gone go as well.</para>
/// <para>A page of the guest that is written again and again without being used as a table is followed no longer, until it is used again.</para>
/// </remarks>
internal sealed unsafe class ShadowTables : IDisposable
{
    /// <summary>Bits of an entry (SDM vol. 3, 4.4.2).</summary>
    public const ulong Present = 1, Writable = 2, User = 4, Accessed = 0x20, Dirty = 0x40, NoExecute = 1UL << 63;

    /// <summary>Fewest frames: the tables of everything one instruction can touch, and some to choose from.</summary>
    public const int FewestFrames = 32;

    private const int Entries = 512;
    private const int MostWrites = 12;
    private const ulong PageMask = PhysicalMemory.PageSize - 1, AddressMask = 0xF_FFFF_F000;

    private readonly RealMemory _memory;
    private readonly PhysicalMemory _guest;
    private readonly ShadowPage[] _pages;
    private readonly Stack<ShadowPage> _free;
    private readonly Dictionary<ShadowKey, ShadowPage> _byKey = [];
    private readonly Dictionary<ulong, ShadowPage> _byTable = [];
    private readonly WritableMappings _writable;
    private int _hand;

    /// <summary>Makes an empty set of tables.</summary>
    /// <param name="memory">Where they lie.</param>
    public ShadowTables(RealMemory memory)
    {
        (_memory, _guest) = (memory, memory.Pages);
        int frames = (int)(memory.Size / RealMemory.FrameSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, FewestFrames);
        _pages = [.. Enumerable.Range(0, frames).Select(i => new ShadowPage(i))];
        _free = new Stack<ShadowPage>(_pages.Reverse());
        _writable = new WritableMappings(frames * Entries);
        _guest.WatchedWritten += OnWritten;
    }

    /// <summary>Tables in use.</summary>
    public int Count => _byKey.Count;

    /// <summary>Roots in use.</summary>
    public int Roots => _pages.Count(p => p.InUse && p.Key.Level == ShadowLevel.Root);

    public long Fills { get; private set; }

    public long TableWrites { get; private set; }

    public long Evictions { get; private set; }

    public long Releases { get; private set; }

    public long Drops { get; private set; }

    /// <summary>The root the real CPU has; never given up.</summary>
    public ShadowPage? Current { get; set; }

    /// <summary>Physical address of a table.</summary>
    public ulong AddressOf(ShadowPage page) => _memory.Start + ((ulong)page.Index * RealMemory.FrameSize);

    /// <summary>The entries of a table.</summary>
    public ulong* EntriesOf(ShadowPage page) => _memory.Frame(page.Index);

    /// <summary>The table that stands for something, made when there is none.</summary>
    /// <param name="key">What.</param>
    /// <param name="keep">A table that must not be given up to make room.</param>
    public ShadowPage Get(in ShadowKey key, ShadowPage? keep)
    {
        if (_byKey.TryGetValue(key, out ShadowPage? page))
            return page;
        if (_free.Count == 0)
            Evict(keep);
        page = _free.Pop();
        (page.Key, page.InUse, page.Writes, page.NextOfTable) = (key, true, 0, null);
        _byKey.Add(key, page);
        if (!key.HasTable)
            return page;
        ref ShadowPage? first = ref CollectionsMarshal.GetValueRefOrAddDefault(_byTable, key.Address, out _);
        (page.NextOfTable, first) = (first, page);
        _guest.WatchWrites(key.Address);
        while (_writable.TryGet(key.Address, out int entry))
        {
            *EntryAt(entry) &= ~(Writable | Dirty);
            _writable.Remove(key.Address, entry);
        }

        return page;
    }

    /// <summary>The table an entry points to, which is made to be the one that stands for something.</summary>
    public ShadowPage Child(ShadowPage parent, int index, in ShadowKey key)
    {
        ulong* entry = EntriesOf(parent) + index;
        if ((*entry & Present) != 0)
        {
            ShadowPage present = PageAt(*entry);
            if (present.Key == key)
            {
                present.Writes = 0;
                return present;
            }

            Clear(parent, index);
        }

        ShadowPage child = Get(key, keep: parent);
        child.Writes = 0;
        child.Parents.Add(IdOf(parent, index));
        parent.Present++;
        *entry = AddressOf(child) | (parent.Key.Level == ShadowLevel.Root ? Present : Present | Writable | User);
        return child;
    }

    /// <summary>Clears an entry unless it leads to the table that stands for something.</summary>
    public void ClearUnless(ShadowPage parent, int index, in ShadowKey key)
    {
        ulong entry = EntriesOf(parent)[index];
        if ((entry & Present) != 0 && PageAt(entry).Key != key)
            Clear(parent, index);
    }

    /// <summary>Maps a page.</summary>
    /// <param name="table">The table.</param>
    /// <param name="index">Number of the entry.</param>
    /// <param name="page">Masked address of a page of the guest's memory.</param>
    /// <param name="bits">Of the entry, besides those every one has.</param>
    public void Map(ShadowPage table, int index, ulong page, ulong bits)
    {
        ulong* entry = EntriesOf(table) + index;
        if ((*entry & Present) != 0)
            Clear(table, index);
        *entry = page | bits | Present | Accessed;
        table.Present++;
        Fills++;
        if ((bits & Writable) != 0)
            _writable.Add(page, IdOf(table, index));
    }

    /// <summary>Forgets every table.</summary>
    public void DropAll()
    {
        if (Count == 0)
            return;
        Drops++;
        foreach (ShadowPage page in _pages)
        {
            if (!page.InUse)
                continue;
            if (page.Key.HasTable)
                _guest.UnwatchWrites(page.Key.Address);
            (page.InUse, page.Present, page.NextOfTable) = (false, 0, null);
            page.Parents.Clear();
            new Span<ulong>(EntriesOf(page), Entries).Clear();
            _free.Push(page);
        }

        Current = null;
        _byKey.Clear();
        _byTable.Clear();
        _writable.Clear();
    }

    /// <summary>What is wrong with the tables, for tests: null when every one points to tables of its own kind, maps memory of the guest alone, and lets no table of the guest's be written.</summary>
    public string? Problem()
    {
        foreach (ShadowPage page in _pages)
        {
            int present = 0;
            for (int i = 0; i < Entries; i++)
            {
                ulong entry = EntriesOf(page)[i];
                if ((entry & Present) == 0)
                    continue;
                present++;
                ulong address = entry & AddressMask;
                if (!page.InUse)
                    return $"a free frame has an entry {entry:x}";
                if (page.Key.Level != ShadowLevel.Table && (!_memory.IsOwn(address) || !PageAt(entry).InUse || PageAt(entry).Key.Level != page.Key.Level - 1 || !PageAt(entry).Parents.Contains(IdOf(page, i))))
                    return $"entry {i} of {page.Key} leads astray: {entry:x}";
                if (page.Key.Level == ShadowLevel.Table && (_memory.IsOwn(address) || !_guest.TryGetHostPage(address, write: false, out _)))
                    return $"entry {i} of {page.Key} maps what is not the guest's memory: {entry:x}";
                if (page.Key.Level == ShadowLevel.Table && (entry & Writable) != 0 && (_byTable.ContainsKey(address) || !_guest.IsWritable(address)))
                    return $"entry {i} of {page.Key} lets a table, or ROM, be written: {entry:x}";
            }

            if (present != page.Present)
                return $"{page.Key} has {present} entries, not {page.Present}";
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guest.WatchedWritten -= OnWritten;
        DropAll();
    }

    private static int IdOf(ShadowPage page, int index) => (page.Index * Entries) + index;

    private ulong* EntryAt(int id) => _memory.Frame(id / Entries) + (id % Entries);

    private ShadowPage PageAt(ulong entry) => _pages[((entry & AddressMask) - _memory.Start) / RealMemory.FrameSize];

    /// <summary>A page of the guest was written: what was derived from there goes. The real CPU's TLB keeps what it has, as the bare machine's does until the guest flushes it.</summary>
    private void OnWritten(ulong address, int length)
    {
        if (!_byTable.TryGetValue(address & ~PageMask, out ShadowPage? page))
            return;
        TableWrites++;
        bool tooOften = false;
        for (; page != null; page = page.NextOfTable)
        {
            tooOften |= ++page.Writes > MostWrites;
            bool wide = (page.Key.Mode & PagingMode.Pae) != 0;
            int offset = (int)(address & PageMask), first = offset >> (wide ? 3 : 2), last = (offset + length - 1) >> (wide ? 3 : 2);
            if (!wide)
            {
                // A guest's directory of 1024 entries has four shadows, whose entries come in pairs; a table of 1024 has two.
                int per = page.Key.Level == ShadowLevel.Directory ? 2 : 1, from = page.Key.Part * Entries;
                (first, last) = ((first * per) - from, (last * per) + per - 1 - from);
            }

            for (int i = Math.Max(first, 0); i <= Math.Min(last, Entries - 1); i++)
                Clear(page, i);
        }

        if (!tooOften)
            return;
        Releases++;
        while (_byTable.TryGetValue(address & ~PageMask, out page))
            Free(page);
    }

    private void Clear(ShadowPage page, int index)
    {
        ulong* at = EntriesOf(page) + index;
        ulong entry = *at;
        if ((entry & Present) == 0)
            return;
        *at = 0;
        page.Present--;
        if (page.Key.Level != ShadowLevel.Table)
            PageAt(entry).Parents.Remove(IdOf(page, index));
        else if ((entry & Writable) != 0)
            _writable.Remove(entry & AddressMask, IdOf(page, index));
    }

    private void Free(ShadowPage page)
    {
        for (int i = 0; page.Present > 0; i++)
            Clear(page, i);
        while (page.Parents.Count > 0)
        {
            int id = page.Parents[^1];
            Clear(_pages[id / Entries], id % Entries);
        }

        _byKey.Remove(page.Key);
        if (page.Key.HasTable)
        {
            Unlink(page);
            _guest.UnwatchWrites(page.Key.Address);
        }

        (page.InUse, page.NextOfTable) = (false, null);
        _free.Push(page);
    }

    private void Unlink(ShadowPage page)
    {
        ref ShadowPage first = ref CollectionsMarshal.GetValueRefOrNullRef(_byTable, page.Key.Address);
        if (first != page)
        {
            ShadowPage? previous = first;
            while (previous!.NextOfTable != page)
                previous = previous.NextOfTable;
            previous.NextOfTable = page.NextOfTable;
        }
        else if (page.NextOfTable == null)
        {
            _byTable.Remove(page.Key.Address);
        }
        else
        {
            first = page.NextOfTable;
        }
    }

    private void Evict(ShadowPage? keep)
    {
        while (true)
        {
            ShadowPage page = _pages[_hand];
            _hand = (_hand + 1) % _pages.Length;
            if (page == keep || page == Current || (page.Key.Level != ShadowLevel.Table ? page.Present > 0 : WasWalked(page)))
                continue;
            Evictions++;
            Free(page);
            return;
        }
    }

    /// <summary>Whether the real CPU has walked to a table since this was last asked.</summary>
    private bool WasWalked(ShadowPage page)
    {
        bool walked = false;
        foreach (int parent in page.Parents)
        {
            walked |= (*EntryAt(parent) & Accessed) != 0;
            *EntryAt(parent) &= ~Accessed;
        }

        return walked;
    }
}
