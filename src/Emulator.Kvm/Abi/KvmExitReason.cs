namespace Emulator.Kvm;

/// <summary>Why <see cref="IKvmVcpu.Run"/> came back: <c>kvm_run.exit_reason</c>.</summary>
public enum KvmExitReason : uint
{
    Unknown = 0,
    Exception = 1,

    /// <summary>IN, OUT, INS or OUTS: <see cref="KvmRun.Io"/>.</summary>
    Io = 2,
    Hypercall = 3,
    Debug = 4,

    /// <summary>HLT was executed; RIP is past it.</summary>
    Hlt = 5,

    /// <summary>An access to memory no slot answers: <see cref="KvmRun.Mmio"/>.</summary>
    Mmio = 6,

    /// <summary>The guest can take an interrupt now, as <see cref="KvmRun.RequestInterruptWindow"/> asked.</summary>
    IrqWindowOpen = 7,

    /// <summary>A triple fault.</summary>
    Shutdown = 8,
    FailEntry = 9,

    /// <summary>A signal was pending.</summary>
    Intr = 10,
    Nmi = 16,

    /// <summary>The vCPU cannot go on: <see cref="KvmRun.Internal"/>.</summary>
    InternalError = 17,

    /// <summary>The guest asks for shutdown or reset: <see cref="KvmRun.SystemEvent"/>.</summary>
    SystemEvent = 24,

    /// <summary>An SBI call that is the client's to answer: <see cref="KvmRun.RiscVSbi"/>.</summary>
    RiscVSbi = 35,
    RiscVCsr = 36,
}
