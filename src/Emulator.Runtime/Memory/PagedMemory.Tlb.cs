using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public abstract unsafe partial class PagedMemory
{
    /// <summary>Drops every cached translation.</summary>
    public void Flush()
    {
        Flushes++;
        NewGeneration();
        if (_filledCount > FewEntries)
        {
            ClearAll();
            return;
        }

        for (var i = 0; i < _filledCount; i++)
        {
            Clear(_filled[i] >> 16, _filled[i] & 0xFFFF);
        }

        _filledCount = 0;
    }

    /// <summary>Drops the cached translations of one page, in both modes.</summary>
    public void FlushPage(ulong address)
    {
        PageFlushes++;
        NewGeneration();
        var page = address & _addressMask & ~PageMask;
        var index = IndexOf(page);
        for (var mode = 0; mode < 2; mode++)
        {
            var entry = _tables[mode] + index;
            if (IsFor(entry->ReadTag, page) || IsFor(entry->WriteTag, page) || IsFor(entry->FetchTag, page))
            {
                Clear(mode, index);
            }
        }
    }

    private static int IndexOf(ulong address) => (int)(address >> 12) & (TlbEntry.Count - 1);

    private static bool IsFor(ulong tag, ulong page) => (tag & ~Indirect) == page;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong* TagOf(TlbEntry* entry, uint access) => &entry->ReadTag + access;

    private void NewGeneration()
    {
        Generation++;

        // The engine compares generations only when it is told that something about the decode context changed.
        _state->ContextStale = 1;
    }

    private void ClearAll()
    {
        for (var mode = 0; mode < 2; mode++)
        {
            for (var i = 0; i < TlbEntry.Count; i++)
            {
                Clear(mode, i);
            }
        }

        _filledCount = 0;
    }

    private void Clear(int mode, int index)
    {
        var entry = _tables[mode] + index;
        entry->ReadTag = entry->WriteTag = entry->FetchTag = TlbEntry.Invalid;
        _physicalPages[mode][index] = ulong.MaxValue;
    }

    /// <summary>Finds where an access in one page goes: a host byte that may be used directly, or a masked bus address to ask the bus with.</summary>
    private bool Resolve(CpuHeader* h, ulong address, int mode, uint access, out byte* host, out ulong physical)
    {
        var page = address & ~PageMask;
        var index = IndexOf(page);
        var entry = _tables[mode] + index;
        var tag = *TagOf(entry, access);
        if (!IsFor(tag, page))
        {
            return Fill(h, address, mode, access, out host, out physical);
        }

        physical = _physicalPages[mode][index] | (address & PageMask);
        if ((tag & Indirect) == 0)
        {
            host = (byte*)(entry->Addend + (nint)address);
        }
        else if (_physical != null && _physical.TryGetHostPage(physical, access == AccessWrite, out var hostPage))
        {
            // What kept the page from being used directly is gone: its code was dropped.
            *TagOf(entry, access) = page;
            entry->Addend = (nint)hostPage - (nint)page;
            host = hostPage + (address & PageMask);
        }
        else if (access == AccessWrite && _physical != null && _physical.IsWatched(physical) && CpuContext.All[h->ContextId].ReachesNoDevices)
        {
            // A deprivileged guest: whether it may write there itself is for its monitor to say.
            return Fill(h, address, mode, access, out host, out physical);
        }
        else
        {
            host = null;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fill(CpuHeader* h, ulong address, int mode, uint access, out byte* host, out ulong physical)
    {
        Misses++;
        host = null;
        physical = Translate(h, address, access, mode);
        if (h->Trap != 0)
        {
            return false;
        }

        if (_physical == null)
        {
            return true;
        }

        physical = _physical.MaskAddress(physical);
        var page = address & ~PageMask;
        var physicalPage = physical & ~PageMask;
        var index = IndexOf(page);
        var entry = _tables[mode] + index;
        if (_physicalPages[mode][index] != physicalPage
            || !(IsFor(entry->ReadTag, page) || IsFor(entry->WriteTag, page) || IsFor(entry->FetchTag, page)))
        {
            Clear(mode, index);
            _physicalPages[mode][index] = physicalPage;
            if (_filledCount < FewEntries)
            {
                _filled[_filledCount] = mode << 16 | index;
            }

            _filledCount = Math.Min(_filledCount + 1, FewEntries + 1);
        }

        if (_physical.TryGetHostPage(physicalPage, access == AccessWrite, out var hostPage))
        {
            *TagOf(entry, access) = page;
            entry->Addend = (nint)hostPage - (nint)page;
            host = hostPage + (physical & PageMask);
        }
        else
        {
            *TagOf(entry, access) = page | Indirect;
        }

        return true;
    }

    /// <summary>Code was decoded from a page that had none, or it is watched: writes to it must pass the slow path from now on.</summary>
    private void OnDirectWritesEnded(ulong physicalPage)
    {
        for (var mode = 0; mode < 2; mode++)
        {
            var pages = new ReadOnlySpan<ulong>(_physicalPages[mode], TlbEntry.Count);
            for (var i = pages.IndexOf(physicalPage); i >= 0;)
            {
                if ((_tables[mode][i].WriteTag & PageMask) == 0)
                {
                    _tables[mode][i].WriteTag |= Indirect;
                }

                var next = pages[(i + 1)..].IndexOf(physicalPage);
                i = next < 0 ? -1 : i + 1 + next;
            }
        }
    }
}
