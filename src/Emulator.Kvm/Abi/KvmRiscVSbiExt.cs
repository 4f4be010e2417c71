namespace Emulator.Kvm;

/// <summary>Numbers of <see cref="KvmRiscV.SbiExt"/> (enum KVM_RISCV_SBI_EXT_ID of Linux 6.6).</summary>
public enum KvmRiscVSbiExt
{
    /// <summary>The calls of SBI 0.1: timer, console, interprocessor interrupts, fences, shutdown.</summary>
    V01 = 0,

    /// <summary>TIME: set_timer.</summary>
    Time = 1,

    /// <summary>sPI: send_ipi.</summary>
    Ipi = 2,

    /// <summary>RFNC: fences on other harts.</summary>
    Rfence = 3,

    /// <summary>SRST: shutdown and reset.</summary>
    Srst = 4,

    /// <summary>HSM: starts and stops harts.</summary>
    Hsm = 5,

    /// <summary>PMU: does not exist here.</summary>
    Pmu = 6,

    /// <summary>Numbers from 0x08000000 on: the client's.</summary>
    Experimental = 7,

    /// <summary>Numbers from 0x09000000 on: the client's.</summary>
    Vendor = 8,

    /// <summary>DBCN: the debug console, the client's; off unless it is switched on.</summary>
    Dbcn = 9,
}
