namespace Emulator.Hypervisor;

/// <summary>Levels of shadow tables, which have the format of PAE paging (SDM vol. 3, 4.4).</summary>
internal enum ShadowLevel : byte
{
    /// <summary>Maps 2 MB by pages of 4 KB.</summary>
    Table,

    /// <summary>Covers 1 GB.</summary>
    Directory,

    /// <summary>Four pointers: an address space.</summary>
    Root,
}
