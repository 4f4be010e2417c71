using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.system_event</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmRunSystemEvent
{
    /// <summary>What happened.</summary>
    public KvmSystemEventType Type;

    /// <summary>Number of <see cref="Data"/> that mean something.</summary>
    public uint Ndata;

    /// <summary>RISC-V: the guest's reason is the first.</summary>
    public fixed ulong Data[16];
}
