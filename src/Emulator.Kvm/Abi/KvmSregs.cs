using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_sregs</c> of x86 (312 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmSregs
{
    public KvmSegment Cs, Ds, Es, Fs, Gs, Ss;
    public KvmSegment Tr, Ldt;
    public KvmDtable Gdt, Idt;
    public ulong Cr0, Cr2, Cr3, Cr4, Cr8;
    public ulong Efer;
    public ulong ApicBase;

    /// <summary>The interrupt queued for delivery, a bit per vector; at most one bit is set.</summary>
    public fixed ulong InterruptBitmap[4];
}
