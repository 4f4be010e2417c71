using System.Runtime.CompilerServices;

namespace Emulator.Runtime;

public sealed unsafe partial class PhysicalMemory
{
    private readonly List<ICodeWatcher> _watchers;
    private readonly HashSet<ulong> _codePages = [];
    private Action<ulong>? _directWritesEnded;

    /// <summary>Raised when code is decoded from a page that had none, or its writes come to be watched: direct write access to it must end. The argument is the page's masked address.</summary>
    internal event Action<ulong>? DirectWritesEnded
    {
        add => Lowest._directWritesEnded += value;
        remove => Lowest._directWritesEnded -= value;
    }

    internal void AddCodeWatcher(ICodeWatcher watcher) => _watchers.Add(watcher);

    internal void RemoveCodeWatcher(ICodeWatcher watcher) => _watchers.Remove(watcher);

    /// <summary>Marks bytes as decoded; they lie in one page and the address is masked.</summary>
    internal void MarkCode(ulong address, int length)
    {
        if (_under != null && !IsOwn(address))
        {
            _under.MarkCode(address, length);
            return;
        }

        var page = address & ~(ulong)PageMask;
        var entry = _pages.Get(page);
        if (entry->CodeBits == null)
        {
            entry->CodeBits = CodeBitmap.Create();
            _codePages.Add(page);
            Lowest._directWritesEnded?.Invoke(page);
        }

        CodeBitmap.Mark(entry->CodeBits, (int)address & PageMask, length);
    }

    /// <summary>Tells whoever decoded code from the page; afterwards only bytes still in use are marked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NotifyCode(PageEntry* entry, ulong page, int offset, int length)
    {
        if (entry->CodeBits == null)
        {
            return;
        }

        CodeBitmap.Clear(entry->CodeBits);
        foreach (var watcher in _watchers)
        {
            watcher.OnCodeModified(page, offset, length, entry->CodeBits);
        }

        if (CodeBitmap.IsEmpty(entry->CodeBits))
        {
            CodeBitmap.Free(entry->CodeBits);
            entry->CodeBits = null;
            for (var memory = this; memory != null; memory = memory._under)
            {
                memory._codePages.Remove(page);
            }
        }
    }

    private void ReleaseCode()
    {
        foreach (var page in _codePages)
        {
            var entry = _pages.Find(page);
            CodeBitmap.Free(entry->CodeBits);
            entry->CodeBits = null;
        }

        _codePages.Clear();
    }
}
