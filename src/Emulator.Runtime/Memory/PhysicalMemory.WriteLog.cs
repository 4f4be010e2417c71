using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    private Action<ulong>? _pageWritten;

    /// <summary>Raised by the first write of a CPU to a page whose writes are logged, before it; the argument is the page's masked address.</summary>
    public event Action<ulong>? PageWritten
    {
        add => Lowest._pageWritten += value;
        remove => Lowest._pageWritten -= value;
    }

    /// <summary>Has the next write of a CPU to each page told by <see cref="PageWritten"/>, once; <see cref="CopyIn(ulong, ReadOnlySpan{byte})"/> is not told.</summary>
    /// <param name="address">First physical address, a multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096.</param>
    public void LogWrites(ulong address, ulong size) => SetLogged(address, size, 1);

    /// <summary>Ends <see cref="LogWrites"/>.</summary>
    /// <inheritdoc cref="LogWrites"/>
    public void EndWriteLog(ulong address, ulong size) => SetLogged(address, size, 0);

    private void SetLogged(ulong address, ulong size, short logged)
    {
        CheckRange(address, size, PageMask);
        for (ulong offset = 0; offset < size; offset += PageSize)
        {
            _pages.Get(address + offset)->WriteLogged = logged;
        }

        RaiseMapChanged();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TellWrite(PageEntry* entry, ulong address)
    {
        entry->WriteLogged = 0;
        Lowest._pageWritten?.Invoke(address & ~(ulong)PageMask);
    }
}
