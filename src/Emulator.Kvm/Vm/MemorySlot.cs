namespace Emulator.Kvm;

/// <summary>A slot: memory of the client shown to the guest.</summary>
internal sealed unsafe class MemorySlot(ulong address, byte* memory, ulong size, KvmMemoryFlags flags)
{
    public ulong Address => address;

    public byte* Memory => memory;

    public ulong Size => size;

    public KvmMemoryFlags Flags => flags;

    /// <summary>A bit per page the guest wrote to; null when that is not logged.</summary>
    public ulong[]? Dirty { get; init; }

    /// <summary>Whether the guest's addresses overlap a range.</summary>
    public bool Overlaps(ulong otherAddress, ulong otherSize) => otherAddress < address + size && address < otherAddress + otherSize;
}
