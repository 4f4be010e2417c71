using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_userspace_memory_region</c> (32 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmUserspaceMemoryRegion
{
    public uint Slot;
    public KvmMemoryFlags Flags;
    public ulong GuestPhysAddr, MemorySize, UserspaceAddr;
}
