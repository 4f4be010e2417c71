using Emulator.Runtime;

namespace Emulator.Hypervisor;

/// <summary>
/// The extended page tables of a VMX monitor: guest physical addresses lead to the same real ones, where the guest has memory there. They are filled when an access first misses, 2 MB at a
/// time where all of it is RAM; devices and what reads and writes see differently are never in them.
/// </summary>
internal sealed unsafe class ExtendedPageTables
{
    private const ulong Read = 1, Write = 2, Execute = 4, Large = 1 << 7, WriteBack = 6 << 3;
    private const ulong Page = 4096, LargePage = 2 << 20;
    private const int Pml4 = 0, Pdpt = 1, FirstFree = 2;

    private readonly PhysicalMemory _memory;
    private readonly byte* _tables;
    private readonly ulong _base;
    private readonly int _pages;
    private int _used;

    /// <summary>Makes empty tables in memory of the monitor's own.</summary>
    /// <param name="memory">The real machine's memory.</param>
    /// <param name="tables">Where the tables may be.</param>
    /// <param name="start">Its physical address.</param>
    /// <param name="size">Its size in bytes.</param>
    public ExtendedPageTables(PhysicalMemory memory, byte* tables, ulong start, ulong size)
    {
        _memory = memory;
        _tables = tables;
        _base = start;
        _pages = (int)(size / Page);
        Clear();
    }

    /// <summary>The EPT pointer: write-back, four levels (SDM vol. 3, 24.6.11).</summary>
    public ulong Pointer => _base | (3 << 3) | 6;

    /// <summary>Entries made since creation.</summary>
    public long Fills { get; private set; }

    /// <summary>Empties them: the machine's map has changed.</summary>
    public void Clear()
    {
        new Span<byte>(_tables, (int)Page * FirstFree).Clear();
        *(ulong*)_tables = (_base + Page) | Read | Write | Execute;
        _used = FirstFree;
    }

    /// <summary>Maps the page of a guest physical address. False when it has no memory the access may reach.</summary>
    public bool Map(ulong address, bool write)
    {
        if (Rights(address) is not { } rights || (write && (rights & Write) == 0))
            return false;
        if (_used + 2 > _pages)
            Clear();
        ulong* directory = TableAt((ulong*)(_tables + (Page * Pdpt)) + (address >> 30));
        ulong* entry = directory + (address >> 21 & 511);
        if (*entry == 0 && IsAllOf(address & ~(LargePage - 1), rights))
        {
            *entry = (address & ~(LargePage - 1)) | rights | Large | WriteBack;
        }
        else if ((*entry & Large) == 0)
        {
            TableAt(entry)[address >> 12 & 511] = (address & ~(Page - 1)) | rights | WriteBack;
        }

        Fills++;
        return true;
    }

    private bool IsAllOf(ulong start, ulong rights)
    {
        for (ulong at = start; at < start + LargePage; at += Page)
        {
            if (Rights(at) != rights)
                return false;
        }

        return true;
    }

    private ulong? Rights(ulong address) =>
        _memory.IsOwn(address) || !_memory.IsMemory(address, write: false) ? null : _memory.IsMemory(address, write: true) ? Read | Write | Execute : Read | Execute;

    private ulong* TableAt(ulong* entry)
    {
        if (*entry == 0)
        {
            byte* table = _tables + ((ulong)_used * Page);
            new Span<byte>(table, (int)Page).Clear();
            *entry = (_base + ((ulong)_used++ * Page)) | Read | Write | Execute;
        }

        return (ulong*)(_tables + ((*entry & ~(Page - 1)) - _base));
    }
}
