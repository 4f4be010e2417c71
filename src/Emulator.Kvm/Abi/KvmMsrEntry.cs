using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_msr_entry</c> (16 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmMsrEntry
{
    public uint Index, Reserved;
    public ulong Data;
}
