namespace Emulator.Kvm;

/// <summary>Numbers for <see cref="IKvm.CheckExtension"/> (KVM_CAP_*).</summary>
public enum KvmCapability
{
    IrqChip = 0,
    UserMemory = 3,
    SetTssAddr = 4,
    ExtCpuid = 7,
    NrVcpus = 9,
    NrMemslots = 10,
    MpState = 14,
    SyncMmu = 16,
    DestroyMemoryRegionWorks = 21,
    IrqRouting = 25,
    JoinMemoryRegionsWorks = 30,
    Mce = 31,
    MaxVcpus = 66,
    OneReg = 70,
    ReadonlyMem = 81,
    MaxVcpuId = 128,
    ImmediateExit = 136,
    VmGpaBits = 207,
}
