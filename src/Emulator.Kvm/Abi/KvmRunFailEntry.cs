using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.fail_entry</c>: of hardware that refuses a guest's state. This machine never does.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmRunFailEntry
{
    public ulong HardwareEntryFailureReason;
    public uint Cpu;
}
