using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>struct kvm_cpuid_entry2</c> (40 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmCpuidEntry2
{
    /// <summary>Bit of <see cref="Flags"/>: the entry answers for its <see cref="Index"/> (ECX) only.</summary>
    public const uint SignificantIndex = 1;

    public uint Function, Index, Flags;
    public uint Eax, Ebx, Ecx, Edx;
    public fixed uint Padding[3];
}
