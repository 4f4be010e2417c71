namespace Emulator.Hypervisor;

/// <summary>Basic exit reasons (SDM vol. 3, appendix C).</summary>
public enum VmExitReason
{
    /// <summary>An exception whose bit in the exception bitmap is set.</summary>
    Exception = 0,

    /// <summary>An external interrupt of the real machine.</summary>
    ExternalInterrupt = 1,

    /// <summary>A fault in the delivery of a double fault.</summary>
    TripleFault = 2,

    /// <summary>The guest can take an interrupt now.</summary>
    InterruptWindow = 7,

    /// <summary>The guest can take an NMI now.</summary>
    NmiWindow = 8,

    /// <summary>A task switch.</summary>
    TaskSwitch = 9,

    /// <summary>CPUID.</summary>
    Cpuid = 10,

    /// <summary>HLT.</summary>
    Hlt = 12,

    /// <summary>INVD.</summary>
    Invd = 13,

    /// <summary>INVLPG.</summary>
    Invlpg = 14,

    /// <summary>RDPMC.</summary>
    Rdpmc = 15,

    /// <summary>RDTSC.</summary>
    Rdtsc = 16,

    /// <summary>RSM.</summary>
    Rsm = 17,

    /// <summary>VMCALL.</summary>
    Vmcall = 18,

    /// <summary>VMCLEAR.</summary>
    Vmclear = 19,

    /// <summary>VMLAUNCH.</summary>
    Vmlaunch = 20,

    /// <summary>VMPTRLD.</summary>
    Vmptrld = 21,

    /// <summary>VMPTRST.</summary>
    Vmptrst = 22,

    /// <summary>VMREAD.</summary>
    Vmread = 23,

    /// <summary>VMRESUME.</summary>
    Vmresume = 24,

    /// <summary>VMWRITE.</summary>
    Vmwrite = 25,

    /// <summary>VMXOFF.</summary>
    Vmxoff = 26,

    /// <summary>VMXON.</summary>
    Vmxon = 27,

    /// <summary>An access to a control register.</summary>
    ControlRegister = 28,

    /// <summary>An access to a debug register.</summary>
    DebugRegister = 29,

    /// <summary>An access to a port.</summary>
    Port = 30,

    /// <summary>RDMSR.</summary>
    Rdmsr = 31,

    /// <summary>WRMSR.</summary>
    Wrmsr = 32,

    /// <summary>VM entry found the guest's state to be none.</summary>
    InvalidGuestState = 33,

    /// <summary>VM entry could not load an MSR.</summary>
    MsrLoading = 34,

    /// <summary>PAUSE.</summary>
    Pause = 40,

    /// <summary>LGDT, LIDT, SGDT, SIDT.</summary>
    GdtrIdtr = 46,

    /// <summary>LLDT, LTR, SLDT, STR.</summary>
    LdtrTr = 47,

    /// <summary>The extended page tables do not allow an access.</summary>
    EptViolation = 48,

    /// <summary>An entry of the extended page tables has no meaning.</summary>
    EptMisconfiguration = 49,

    /// <summary>INVEPT.</summary>
    Invept = 50,

    /// <summary>INVVPID.</summary>
    Invvpid = 53,

    /// <summary>WBINVD.</summary>
    Wbinvd = 54,
}
