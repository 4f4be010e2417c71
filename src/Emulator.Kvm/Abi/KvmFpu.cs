using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_fpu</c> (416 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmFpu
{
    /// <summary>Eight registers of 16 bytes.</summary>
    public fixed byte Fpr[128];
    public ushort Fcw, Fsw;
    public byte Ftwx, Pad1;
    public ushort LastOpcode;
    public ulong LastIp, LastDp;

    /// <summary>Sixteen registers of 16 bytes.</summary>
    public fixed byte Xmm[256];
    public uint Mxcsr, Pad2;
}
