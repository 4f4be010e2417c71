using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.mmio</c>: at most 8 bytes of one page.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmRunMmio
{
    public ulong PhysAddr;

    /// <summary>The bytes written, or room for those read, lowest address first (little-endian).</summary>
    public ulong Data;

    /// <summary>Bytes accessed: 1 to 8.</summary>
    public uint Len;

    /// <summary>1 for a write.</summary>
    public byte IsWrite;
}
