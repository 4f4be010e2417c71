namespace Emulator.Kvm;

/// <summary>Numbers of the ioctls, as the kernel's uapi header has them: direction, size of the structure, 0xAE, number.</summary>
public static class KvmRequest
{
    // System
    public const uint GetApiVersion = 0xAE00, CreateVm = 0xAE01, GetMsrIndexList = 0xC004AE02, CheckExtension = 0xAE03, GetVcpuMmapSize = 0xAE04,
        GetSupportedCpuid = 0xC008AE05;

    // VM
    public const uint CreateVcpu = 0xAE41, GetDirtyLog = 0x4010AE42, SetUserMemoryRegion = 0x4020AE46, SetTssAddr = 0xAE47;

    // vCPU
    public const uint Run = 0xAE80, GetRegs = 0x8090AE81, SetRegs = 0x4090AE82, GetSregs = 0x8138AE83, SetSregs = 0x4138AE84, Interrupt = 0x4004AE86,
        GetMsrs = 0xC008AE88, SetMsrs = 0x4008AE89, SetSignalMask = 0x4004AE8B, GetFpu = 0x81A0AE8C, SetFpu = 0x41A0AE8D, SetCpuid2 = 0x4008AE90,
        GetMpState = 0x8004AE98, SetMpState = 0x4004AE99, Nmi = 0xAE9A, GetOneReg = 0x4010AEAB, SetOneReg = 0x4010AEAC, GetRegList = 0xC008AEB0;
}
