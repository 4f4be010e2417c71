namespace Emulator.Hypervisor;

/// <summary>What of CR0, CR4 and EFER says how the guest's tables are read.</summary>
[Flags]
internal enum PagingMode : byte
{
    /// <summary>No paging: linear addresses are physical ones.</summary>
    None = 0,

    /// <summary>CR0.PG.</summary>
    On = 1,

    /// <summary>CR4.PAE.</summary>
    Pae = 2,

    /// <summary>CR4.PSE.</summary>
    LargePages = 4,

    /// <summary>CR0.WP.</summary>
    WriteProtect = 8,

    /// <summary>EFER.NXE.</summary>
    NoExecute = 16,
}
