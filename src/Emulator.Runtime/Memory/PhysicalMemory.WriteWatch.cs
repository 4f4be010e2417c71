using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    private Action<ulong, int>? _watchedWritten;

    /// <summary>Raised by every write to a watched page, of a processor or a device, after it; the arguments are the masked address and the number of bytes, all in the page.</summary>
    public event Action<ulong, int>? WatchedWritten
    {
        add => Lowest._watchedWritten += value;
        remove => Lowest._watchedWritten -= value;
    }

    /// <summary>Has every write to a page told by <see cref="WatchedWritten"/> until <see cref="UnwatchWrites"/>; each call counts.</summary>
    /// <param name="page">Any address in the page, masked (<see cref="MaskAddress"/>).</param>
    public void WatchWrites(ulong page)
    {
        var entry = _pages.Get(page);
        if (++entry->WriteWatched == 1)
        {
            Lowest._directWritesEnded?.Invoke(page & ~(ulong)PageMask);
        }
    }

    /// <summary>Takes back one <see cref="WatchWrites"/>.</summary>
    /// <inheritdoc cref="WatchWrites"/>
    public void UnwatchWrites(ulong page) => _pages.Get(page)->WriteWatched--;

    /// <summary>Whether writes to the page of an address are watched.</summary>
    public bool IsWatched(ulong address)
    {
        var entry = _pages.Find(address & _mask);
        return entry != null && entry->WriteWatched != 0;
    }

    /// <summary>Whether the page of an address is memory whose writes change what reads see: neither ROM, nor a device, nor nothing.</summary>
    public bool IsWritable(ulong address)
    {
        var entry = _pages.Find(address & _mask);
        return entry != null && entry->Read != null && entry->Write == entry->Read;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellWatchers(ulong address, int length) => Lowest._watchedWritten?.Invoke(address, length);
}
