namespace Emulator.Runtime;

/// <summary>What physical memory knows of one 4 KB page (32 bytes).</summary>
internal unsafe struct PageEntry
{
    /// <summary>Host bytes that reads see; null when a device or nobody answers.</summary>
    public byte* Read;

    /// <summary>Host bytes that writes change; null when a device answers or writes are dropped.</summary>
    public byte* Write;

    /// <summary>One bit per byte of the page that some CPU has decoded (4096 bits); null when none.</summary>
    public ulong* CodeBits;

    /// <summary>Number of device mappings that touch the page.</summary>
    public int Devices;

    /// <summary>Not 0 when the next write to the page is to be told (<see cref="PhysicalMemory.LogWrites"/>), so that it must not pass by.</summary>
    public short WriteLogged;

    /// <summary>Number of those who must hear of every write to the page (<see cref="PhysicalMemory.WatchWrites"/>), so that none may pass by.</summary>
    public ushort WriteWatched;
}
