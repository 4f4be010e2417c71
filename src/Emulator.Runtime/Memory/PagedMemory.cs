using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

/// <summary>A memory behind a relocation map: two tables of cached translations (one per mode) and everything the inline check does not do.</summary>
/// <remarks>
/// A tag with <see cref="Indirect"/> set caches a translation whose page cannot be reached by pointer for that kind of access: a device, ROM, a page with decoded code.
/// The physical page of every entry stands in a table of its own, which only the slow path reads. All kinds of access of one entry share page and addend.
/// Processors may share one (<see cref="CpuOptions.TranslationsOf"/>): who accesses, says the header.
/// </remarks>
public abstract unsafe partial class PagedMemory : IDisposable
{
    /// <summary>Access kinds of <see cref="IIsa.Translate"/>.</summary>
    protected const uint AccessRead = 0, AccessWrite = 1, AccessFetch = 2;

    private const ulong Indirect = 2;
    private const ulong PageMask = 0xFFF;
    private const int Size = 4096;
    private const int FewEntries = 1024;

    private readonly CpuHeader* _state;
    private readonly Bus _bus;
    private readonly PhysicalMemory? _physical;
    private readonly NativeBlock _memory;
    private readonly TlbEntry*[] _tables = new TlbEntry*[2];
    private readonly ulong*[] _physicalPages = new ulong*[2];
    private readonly ulong _addressMask;
    private readonly int* _filled;
    private int _filledCount;

    private protected PagedMemory(CpuContext context, CpuHeader* state, int index, MemorySpec spec)
    {
        _state = state;
        Index = index;
        Name = spec.Name;
        _bus = context.Buses[spec.Over];
        _physical = _bus.Pages;
        _addressMask = spec.AddressBits >= 64 ? ulong.MaxValue : (1UL << spec.AddressBits) - 1;

        var tableSize = TlbEntry.Count * sizeof(TlbEntry);
        var pagesSize = TlbEntry.Count * sizeof(ulong);
        _memory = new NativeBlock((nuint)(2 * (tableSize + pagesSize) + FewEntries * sizeof(int)));
        for (var mode = 0; mode < 2; mode++)
        {
            _tables[mode] = (TlbEntry*)(_memory.Pointer + mode * tableSize);
            _physicalPages[mode] = (ulong*)(_memory.Pointer + 2 * tableSize + mode * pagesSize);
        }

        _filled = (int*)(_memory.Pointer + 2 * (tableSize + pagesSize));
        ClearAll();
        if (_physical != null)
        {
            _physical.MapChanged += Flush;
            _physical.DirectWritesEnded += OnDirectWritesEnded;
        }
    }

    /// <summary>Index in <see cref="IIsa.Memories"/>.</summary>
    public int Index { get; }

    /// <summary>Name in the spec.</summary>
    public string Name { get; }

    /// <summary>Accesses whose translation was not cached.</summary>
    public long Misses { get; private set; }

    /// <summary>Times every translation was dropped.</summary>
    public long Flushes { get; private set; }

    /// <summary>Times the translations of one page were dropped.</summary>
    public long PageFlushes { get; private set; }

    /// <summary>Changes whenever a translation may have become invalid; the engine keys what it remembers of fetches with it.</summary>
    public ulong Generation { get; private set; }

    /// <summary>The table of a mode, for <see cref="IIsa.BindTlb"/>.</summary>
    public TlbEntry* Table(int mode) => _tables[mode];

    /// <summary>Reads 1 to 8 bytes, which may cross a page. On a fault <see cref="CpuHeader.Trap"/> is set and 0 returned.</summary>
    public ulong Read(CpuHeader* h, ulong address, int size, int mode)
    {
        address &= _addressMask;
        if ((int)(address & PageMask) + size > Size)
        {
            return ReadCrossing(h, address, size, mode, AccessRead);
        }

        if (!Resolve(h, address, mode, AccessRead, out var host, out var physical))
        {
            return 0;
        }

        return host != null ? HostAccess.Read(host, size) : MayAccess(h, physical, write: false) ? _bus.Read(physical, size) : 0;
    }

    /// <summary>Writes 1 to 8 bytes, which may cross a page: then both pages are checked before any byte changes. On a fault <see cref="CpuHeader.Trap"/> is set.</summary>
    public void Write(CpuHeader* h, ulong address, int size, ulong value, int mode)
    {
        address &= _addressMask;
        if ((int)(address & PageMask) + size > Size)
        {
            WriteCrossing(h, address, size, value, mode);
            return;
        }

        if (!Resolve(h, address, mode, AccessWrite, out var host, out var physical))
        {
            return;
        }

        if (host != null)
        {
            HostAccess.Write(host, size, value);
        }
        else if (MayAccess(h, physical, write: true))
        {
            _bus.Write(physical, size, value);
        }
    }

    /// <summary>Reads 1 to 8 bytes that will be written: requires write access to all of them first. On a fault <see cref="CpuHeader.Trap"/> is set and 0 returned.</summary>
    public ulong ReadForWrite(CpuHeader* h, ulong address, int size, int mode)
    {
        address &= _addressMask;
        if ((int)(address & PageMask) + size > Size)
        {
            return ReadCrossing(h, address, size, mode, AccessWrite);
        }

        if (!Resolve(h, address, mode, AccessWrite, out var host, out var physical))
        {
            return 0;
        }

        return host != null ? HostAccess.Read(host, size) : MayAccess(h, physical, write: true) ? _bus.Read(physical, size) : 0;
    }

    /// <summary>Reads 16 bytes; see <see cref="Read"/>.</summary>
    public UInt128 Read128(CpuHeader* h, ulong address, int mode) => Read128(h, address, mode, AccessRead);

    /// <summary>Reads 16 bytes that will be written; see <see cref="ReadForWrite"/>.</summary>
    public UInt128 ReadForWrite128(CpuHeader* h, ulong address, int mode) => Read128(h, address, mode, AccessWrite);

    /// <summary>Writes 16 bytes; see <see cref="Write"/>.</summary>
    public void Write128(CpuHeader* h, ulong address, UInt128 value, int mode)
    {
        // Both halves are checked before either is written; afterwards their translations are known good.
        if (Check(h, address, 16, mode, AccessWrite))
        {
            Write(h, address, 8, (ulong)value, mode);
            if (h->Trap == 0)
            {
                Write(h, address + 8, 8, (ulong)(value >> 64), mode);
            }
        }
    }

    /// <summary>Translates an instruction fetch. On a fault <see cref="CpuHeader.Trap"/> is set and false returned.</summary>
    /// <param name="h">The CPU.</param>
    /// <param name="address">Address in this memory.</param>
    /// <param name="mode">Value of the `per` expression.</param>
    /// <param name="host">The byte in host memory, or null when the page has none.</param>
    /// <param name="physical">The masked bus address.</param>
    public bool Fetch(CpuHeader* h, ulong address, int mode, out byte* host, out ulong physical)
        => Resolve(h, address & _addressMask, mode, AccessFetch, out host, out physical);

    /// <summary>Whether a translation of the page at an address is cached for a kind of access.</summary>
    public bool Holds(ulong address, uint access, int mode)
    {
        var page = address & _addressMask & ~PageMask;
        return IsFor(*TagOf(_tables[mode] + IndexOf(page), access), page);
    }

    /// <summary>Translates for a debugger: no effect on the tables, faults are forgotten. False when the address is not mapped.</summary>
    public bool TryTranslate(CpuHeader* h, ulong address, int mode, out ulong physical)
    {
        var (trap, a, b) = (h->Trap, h->TrapA, h->TrapB);
        h->Trap = 0;
        physical = Translate(h, address & _addressMask, AccessRead, mode);
        var mapped = h->Trap == 0;
        (h->Trap, h->TrapA, h->TrapB) = (trap, a, b);
        return mapped;
    }

    /// <summary>Calls the spec's translation; sets <see cref="CpuHeader.Trap"/> on a fault.</summary>
    private protected abstract ulong Translate(CpuHeader* h, ulong address, uint access, int mode);

    private UInt128 Read128(CpuHeader* h, ulong address, int mode, uint access)
    {
        if (!Check(h, address, 16, mode, access))
        {
            return 0;
        }

        var low = access == AccessRead ? Read(h, address, 8, mode) : ReadForWrite(h, address, 8, mode);
        if (h->Trap != 0)
        {
            return 0;
        }

        var high = access == AccessRead ? Read(h, address + 8, 8, mode) : ReadForWrite(h, address + 8, 8, mode);
        return h->Trap != 0 ? 0 : new UInt128(high, low);
    }

    private bool Check(CpuHeader* h, ulong address, int size, int mode, uint access)
    {
        address &= _addressMask;
        var last = (address + (ulong)size - 1) & _addressMask;
        if (!Resolve(h, address, mode, access, out var host, out var physical) || (host == null && !MayAccess(h, physical, access == AccessWrite)))
        {
            return false;
        }

        return ((address ^ last) & ~PageMask) == 0
            || (Resolve(h, last & ~PageMask, mode, access, out host, out physical) && (host != null || MayAccess(h, physical, access == AccessWrite)));
    }

    private ulong ReadCrossing(CpuHeader* h, ulong address, int size, int mode, uint access)
    {
        if (!Check(h, address, size, mode, access))
        {
            return 0;
        }

        ulong value = 0;
        for (var i = 0; i < size; i++)
        {
            if (!Resolve(h, (address + (ulong)i) & _addressMask, mode, access, out var host, out var physical))
            {
                return 0;
            }

            value |= (host != null ? *host : _bus.Read(physical, 1)) << (8 * i);
        }

        return value;
    }

    private void WriteCrossing(CpuHeader* h, ulong address, int size, ulong value, int mode)
    {
        if (!Check(h, address, size, mode, AccessWrite))
        {
            return;
        }

        for (var i = 0; i < size; i++)
        {
            if (!Resolve(h, (address + (ulong)i) & _addressMask, mode, AccessWrite, out var host, out var physical))
            {
                return;
            }

            var b = (byte)(value >> (8 * i));
            if (host != null)
            {
                *host = b;
            }
            else
            {
                _bus.Write(physical, 1, b);
            }
        }
    }

    /// <summary>Devices are reached only by instructions that execute alone: they may look at the time, which is exact between instructions only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayAccess(CpuHeader* h, ulong physical, bool write)
    {
        if (CpuContext.All[h->ContextId].DevicesAllowed || (_physical != null && !_physical.IsDevice(physical, write)))
        {
            return true;
        }

        h->Trap = CpuContext.RetryAlone;
        return false;
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        if (_physical != null)
        {
            _physical.MapChanged -= Flush;
            _physical.DirectWritesEnded -= OnDirectWritesEnded;
        }

        _memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
