using System.Runtime.InteropServices;

namespace Emulator.Kvm;

/// <summary><c>kvm_run.riscv_sbi</c>: a call of the guest's kernel. The words are of 64 bits for guests of 32 too.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct KvmRunRiscVSbi
{
    /// <summary>Number of the extension (a7) and of its function (a6).</summary>
    public ulong ExtensionId, FunctionId;

    /// <summary>a0 to a5.</summary>
    public fixed ulong Args[6];

    /// <summary>The client's answer: error and value, for a0 and a1. SBI_ERR_NOT_SUPPORTED and 0 unless it gives one.</summary>
    public fixed ulong Ret[2];
}
