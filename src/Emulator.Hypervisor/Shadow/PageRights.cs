namespace Emulator.Hypervisor;

/// <summary>What entries of the guest's tables allow.</summary>
[Flags]
internal enum PageRights : byte
{
    None = 0,
    Write = 1,
    User = 2,
    NoExecute = 4,

    /// <summary>A write would leave no new trace: the dirty bit is set.</summary>
    Dirty = 8,

    /// <summary>Of a page mapped without a table of its own.</summary>
    Large = 16,
}
