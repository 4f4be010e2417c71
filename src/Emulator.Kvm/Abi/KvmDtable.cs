using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_dtable</c> (16 bytes): GDTR or IDTR.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmDtable
{
    public ulong Base;
    public ushort Limit;
    public fixed ushort Padding[3];
}
