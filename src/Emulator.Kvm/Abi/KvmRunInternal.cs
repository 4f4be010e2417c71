using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.internal</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmRunInternal
{
    public KvmInternalError Suberror;

    /// <summary>Number of <see cref="Data"/> that mean something.</summary>
    public uint Ndata;
    public fixed ulong Data[16];
}
