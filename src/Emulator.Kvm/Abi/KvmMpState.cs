namespace Emulator.Kvm;

/// <summary><c>struct kvm_mp_state</c>: what a vCPU waits for.</summary>
public enum KvmMpState : uint
{
    Runnable = 0,
    Uninitialized = 1,
    InitReceived = 2,
    Halted = 3,
    SipiReceived = 4,

    /// <summary>RISC-V: powered off, until it is started.</summary>
    Stopped = 5,
}
