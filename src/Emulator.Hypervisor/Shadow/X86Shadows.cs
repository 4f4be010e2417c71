using Emulator.Runtime;
using Emulator.X86;

namespace Emulator.Hypervisor;

/// <summary>
/// Shadow page tables of an x86 guest. The real CPU always pages, with PAE, whatever the guest does: its CR3 names a root of the monitor's, and its own paging unit walks the tables below. Where they
/// map nothing it leaves with a page fault; then the guest's tables are walked by the virtual CPU, which sets accessed and dirty bits there and finds the guest's own faults, and what they
/// map is entered.
/// </summary>
/// <remarks>
/// An entry is there only while walking the guest's tables again would lead to the same page and change nothing: a page can be written only once its dirty bit is set, and whatever is written
/// to a guest's table takes out what was derived from it. Devices, and pages under tables that cannot be watched because a device answers there, are never mapped.
/// </remarks>
internal sealed unsafe class X86Shadows<TIsa> : IShadowPaging
    where TIsa : struct, IIsa
{
    private const uint Write = 1, Fetch = 2;
    private const ulong PageMask = PhysicalMemory.PageSize - 1, LargeMask = (2 << 20) - 1, FrameMask = 0xF_FFFF_F000;

    /// <summary>Real CR3 has 32 bits.</summary>
    private const ulong RootLimit = 1UL << 32;

    private readonly Cpu<TIsa> _virtual;
    private readonly PhysicalMemory _guest;
    private readonly ShadowTables _tables;
    private readonly int _pageFault;
    private readonly ulong[] _current = new ulong[4];
    private PagingMode _mode;
    private uint _cr3;
    private bool _mapChanged;
    private (ulong Pc, ulong Address, ulong Error) _last;
    private long _faults;
    private long _switches;

    /// <summary>Makes them, empty.</summary>
    public X86Shadows(Cpu<TIsa> virtualCpu, IsaMetadata isa, int frames)
    {
        _virtual = virtualCpu;
        Memory = new RealMemory(virtualCpu.Context.Buses[TIsa.Memories[TIsa.FetchMemory].Over], frames, RootLimit);
        _guest = Memory.Pages;
        _tables = new ShadowTables(Memory);
        _pageFault = isa.Traps.Select((trap, i) => (trap, i)).First(t => t.trap.Name == "PF").i;
        _guest.MapChanged += OnMapChanged;
    }

    /// <inheritdoc/>
    public RealMemory Memory { get; }

    /// <summary>The tables, for tests.</summary>
    public ShadowTables Tables => _tables;

    /// <inheritdoc/>
    public ShadowStatistics Statistics =>
        new(_tables.Count, _tables.Roots, _faults, _tables.Fills, _switches, _tables.TableWrites, _tables.Evictions, _tables.Releases, _tables.Drops);

    /// <inheritdoc/>
    public bool IsReady
    {
        get
        {
            if (_mapChanged)
            {
                _mapChanged = false;
                _tables.DropAll();
                if (!Memory.IsFree())
                    Memory.Place();
            }

            return Memory.IsPlaced;
        }
    }

    /// <inheritdoc/>
    public void Load(CpuHeader* virtualState, CpuHeader* realState)
    {
        var v = (X86State*)virtualState;
        var r = (X86State*)realState;
        PagingMode mode = ModeOf(v);
        uint cr3 = (mode & PagingMode.On) == 0 ? 0 : (mode & PagingMode.Pae) != 0 ? v->CR3 & ~0x1Fu : v->CR3 & ~0xFFFu;
        if (_tables.Current is not { } root || mode != _mode || cr3 != _cr3 || ((mode & PagingMode.Pae) != 0 && !new ReadOnlySpan<ulong>(v->PDPTE, 4).SequenceEqual(_current)))
            root = Switch(v, mode, cr3);

        r->CR0_PG = r->CR0_WP = r->CR4_PAE = r->EFER_NXE = 1;
        r->CR3 = (uint)_tables.AddressOf(root);
        ulong* entries = _tables.EntriesOf(root);
        for (int i = 0; i < 4; i++)
            r->PDPTE[i] = entries[i];
    }

    /// <inheritdoc/>
    public bool IsIntact(CpuHeader* realState)
    {
        var r = (X86State*)realState;
        if (_tables.Current is not { } root || (r->CR0_PG & r->CR0_WP & r->CR4_PAE & r->EFER_NXE) != 1 || r->CR3 != (uint)_tables.AddressOf(root))
            return false;
        return new ReadOnlySpan<ulong>(r->PDPTE, 4).SequenceEqual(new ReadOnlySpan<ulong>(_tables.EntriesOf(root), 4));
    }

    /// <inheritdoc/>
    public void Restore(CpuHeader* realState, CpuHeader* virtualState)
    {
        var v = (X86State*)virtualState;
        var r = (X86State*)realState;
        (r->CR0_PG, r->CR0_WP, r->CR4_PAE, r->EFER_NXE, r->CR3) = (v->CR0_PG, v->CR0_WP, v->CR4_PAE, v->EFER_NXE, v->CR3);
        for (int i = 0; i < 4; i++)
            r->PDPTE[i] = v->PDPTE[i];
    }

    /// <inheritdoc/>
    public bool Handle(CpuHeader* virtualState, VmExits exits)
    {
        if (exits.Kind != VmExitKind.Trap || exits.Trap != _pageFault)
            return false;
        bool user = (exits.A & 4) != 0;
        uint access = (exits.A & 2) != 0 ? Write : (exits.A & 16) != 0 ? Fetch : 0;
        var fault = (_virtual.Pc, exits.B, exits.A);
        bool again = fault == _last;
        _last = fault;

        // What the TLB holds is written to without a walk: a table of the guest's. And what does not help, the virtual CPU does.
        if (again || _virtual.Context.PagedMemories[TIsa.FetchMemory].Holds(exits.B, access, user ? 1 : 0) || !Fill(virtualState, (uint)exits.B, access, user))
        {
            _last = default;
            return false;
        }

        _faults++;
        return true;
    }

    /// <inheritdoc/>
    public void DropAll() => _tables.DropAll();

    /// <inheritdoc/>
    public void Dispose()
    {
        _guest.MapChanged -= OnMapChanged;
        _tables.Dispose();
        Memory.Dispose();
    }

    private static PagingMode ModeOf(X86State* v)
    {
        if (v->CR0_PG == 0)
            return PagingMode.None;
        PagingMode mode = PagingMode.On | (v->CR0_WP != 0 ? PagingMode.WriteProtect : 0);
        return v->CR4_PAE != 0 ? mode | PagingMode.Pae | (v->EFER_NXE != 0 ? PagingMode.NoExecute : 0) : mode | (v->CR4_PSE != 0 ? PagingMode.LargePages : 0);
    }

    private static PageRights RightsOf(ulong entry, bool noExecute) =>
        ((entry & 2) != 0 ? PageRights.Write : 0) | ((entry & 4) != 0 ? PageRights.User : 0) | (noExecute && entry >> 63 != 0 ? PageRights.NoExecute : 0);

    private void OnMapChanged() => _mapChanged = true;

    private ShadowPage Switch(X86State* v, PagingMode mode, uint cr3)
    {
        _switches++;
        (_mode, _cr3, _tables.Current) = (mode, cr3, null);
        ShadowPage root = _tables.Get(new ShadowKey(cr3, ShadowLevel.Root, mode, 0, 0), keep: null);
        _tables.Current = root;
        if ((mode & PagingMode.Pae) == 0)
            return root;

        // The pointers are registers: the table they were loaded from may hold others by now, and so did this root.
        for (int i = 0; i < 4; i++)
        {
            _current[i] = v->PDPTE[i];
            _tables.ClearUnless(root, i, (_current[i] & 1) != 0 ? DirectoryOf(_current[i]) : default);
        }

        return root;
    }

    /// <summary>Enters what the guest maps at an address. False when that is nothing that can be entered: the guest's own fault, a device, or a write that must be seen.</summary>
    private bool Fill(CpuHeader* h, uint address, uint access, bool user)
    {
        var v = (X86State*)h;
        ulong physical = TIsa.Translate(h, TIsa.FetchMemory, address, access, user ? 1 : 0);
        if (h->Trap != 0)
        {
            h->Trap = 0;
            return false;
        }

        ulong page = _guest.MaskAddress(physical) & ~PageMask;
        if (_mapChanged || !_guest.TryGetHostPage(page, write: false, out _) || (access == Write && (!_guest.IsWritable(page) || _guest.IsWatched(page))))
            return false;
        PageRights rights;
        ShadowKey directory, table;
        if (_mode == PagingMode.None)
        {
            rights = PageRights.Write | PageRights.User | PageRights.Dirty | PageRights.Large;
            (directory, table) = (new ShadowKey(0, ShadowLevel.Directory, _mode, (byte)(address >> 30), 0), new ShadowKey(physical & ~LargeMask, ShadowLevel.Table, _mode, 0, rights));
        }
        else if (!((_mode & PagingMode.Pae) != 0 ? WalkPae(v, address, physical, access, out directory, out table, out rights) : Walk(v, address, physical, access, out directory, out table, out rights)))
        {
            return false;
        }

        ShadowPage middle = _tables.Child(_tables.Current!, (int)(address >> 30), directory);
        ShadowPage last = _tables.Child(middle, (int)(address >> 21) & 511, table);
        ulong bits = (rights & PageRights.NoExecute) != 0 ? ShadowTables.NoExecute : 0;
        bool writable = (rights & (PageRights.Write | PageRights.Dirty)) == (PageRights.Write | PageRights.Dirty);
        if (access == Write && !user && (rights & PageRights.Write) == 0)
            writable = true; // a supervisor that CR0.WP does not hold back; programs fault here, and are given the page to read again
        else if ((rights & PageRights.User) != 0)
            bits |= ShadowTables.User;

        // The tables of the guest's that this is about are watched by now.
        if (writable && _guest.IsWritable(page) && !_guest.IsWatched(page))
            bits |= ShadowTables.Writable | ShadowTables.Dirty;
        else if (access == Write)
            return false;
        _tables.Map(last, (int)(address >> 12) & 511, page, bits);
        return true;
    }

    /// <summary>32-bit paging (SDM vol. 3, 4.3), after a walk that found the page: whose tables those are, and what they allow.</summary>
    private bool Walk(X86State* v, uint address, ulong physical, uint access, out ShadowKey directory, out ShadowKey table, out PageRights rights)
    {
        ulong from = _guest.MaskAddress(v->CR3 & 0xFFFF_F000);
        directory = new ShadowKey(from, ShadowLevel.Directory, _mode, (byte)(address >> 30), 0);
        (table, rights) = (default, default);
        if (!TryRead(from + ((address >> 20) & 0xFFC), 4, out ulong pde))
            return false;
        PageRights above = RightsOf(pde, false);
        if ((pde & 0x80) != 0 && (_mode & PagingMode.LargePages) != 0)
        {
            rights = Large(above, pde, access);
            table = new ShadowKey(physical & ~LargeMask, ShadowLevel.Table, _mode, 0, rights);
            return true;
        }

        ulong at = _guest.MaskAddress(pde & 0xFFFF_F000);
        table = new ShadowKey(at, ShadowLevel.Table, _mode, (byte)(address >> 21 & 1), above);
        if (!TryRead(at + ((address >> 10) & 0xFFC), 4, out ulong pte))
            return false;
        rights = Combined(above, RightsOf(pte, false), pte, access);
        return true;
    }

    /// <summary>PAE paging (4.4), the same.</summary>
    private bool WalkPae(X86State* v, uint address, ulong physical, uint access, out ShadowKey directory, out ShadowKey table, out PageRights rights)
    {
        bool noExecute = (_mode & PagingMode.NoExecute) != 0;
        directory = DirectoryOf(v->PDPTE[address >> 30]);
        (table, rights) = (default, default);
        if (!TryRead(directory.Address + ((address >> 18) & 0xFF8), 8, out ulong pde))
            return false;
        PageRights above = RightsOf(pde, noExecute);
        if ((pde & 0x80) != 0)
        {
            rights = Large(above, pde, access);
            table = new ShadowKey(physical & ~LargeMask, ShadowLevel.Table, _mode, 0, rights);
            return true;
        }

        ulong at = _guest.MaskAddress(pde & FrameMask);
        table = new ShadowKey(at, ShadowLevel.Table, _mode, 0, above);
        if (!TryRead(at + ((address >> 9) & 0xFF8), 8, out ulong pte))
            return false;
        rights = Combined(above, RightsOf(pte, noExecute), pte, access);
        return true;
    }

    /// <summary>What a page-directory pointer stands for.</summary>
    private ShadowKey DirectoryOf(ulong pointer) => new(_guest.MaskAddress(pointer & FrameMask), ShadowLevel.Directory, _mode, 0, 0);

    /// <summary>A walk that wrote has set the dirty bit, or could not because the table is ROM, and then never will.</summary>
    private static PageRights Used(ulong entry, uint access) => (entry & 0x40) != 0 || access == Write ? PageRights.Dirty : 0;

    private static PageRights Large(PageRights rights, ulong entry, uint access) => rights | PageRights.Large | Used(entry, access);

    private static PageRights Combined(PageRights above, PageRights own, ulong entry, uint access) =>
        (above & own & (PageRights.Write | PageRights.User)) | ((above | own) & PageRights.NoExecute) | Used(entry, access);

    /// <summary>Reads an entry of a guest's table, which must be memory: what a device answers may change unseen.</summary>
    private bool TryRead(ulong at, int size, out ulong entry)
    {
        bool isMemory = _guest.TryGetHostPage(at, write: false, out _);
        entry = isMemory ? _guest.Read(at, size) : 0;
        return isMemory;
    }
}
