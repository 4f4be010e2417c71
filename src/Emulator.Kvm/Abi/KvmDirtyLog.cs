using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_dirty_log</c> (16 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmDirtyLog
{
    public uint Slot, Padding;

    /// <summary>A bit per page of the slot, in whole 64-bit words.</summary>
    public void* DirtyBitmap;
}
