namespace Emulator.Kvm;

/// <summary>Numbers of KVM on RISC-V: <c>arch/riscv/include/uapi/asm/kvm.h</c> of Linux 6.6. An id of a register is <see cref="Arch"/>, a size, a type and a number of that type.</summary>
public static class KvmRiscV
{
    /// <summary>Arguments of <see cref="IKvmVcpu.Interrupt"/>.</summary>
    public const uint InterruptSet = 0xFFFF_FFFF, InterruptUnset = 0xFFFF_FFFE;

    /// <summary>Values of <see cref="Mode"/>.</summary>
    public const ulong ModeU = 0, ModeS = 1;

    /// <summary>Values of <see cref="TimerState"/>.</summary>
    public const ulong TimerOff = 0, TimerOn = 1;

    /// <summary>KVM_REG_RISCV, and the parts of an id.</summary>
    public const ulong Arch = 0x8000_0000_0000_0000, ArchMask = 0xFF00_0000_0000_0000, SizeMask = 0x00F0_0000_0000_0000, TypeMask = 0xFF00_0000, SubtypeMask = 0xFF_0000;

    /// <summary>Sizes; a register of the type `unsigned long` has 64 bits on RV64 and 32 on RV32.</summary>
    public const ulong SizeU32 = 0x0020_0000_0000_0000, SizeU64 = 0x0030_0000_0000_0000;

    /// <summary>Types.</summary>
    public const ulong Config = 1 << 24, Core = 2 << 24, Csr = 3 << 24, Timer = 4 << 24, FpF = 5 << 24, FpD = 6 << 24, IsaExt = 7 << 24, SbiExt = 8ul << 24;

    /// <summary>Subtypes of <see cref="IsaExt"/> and <see cref="SbiExt"/>: one extension, or a bit for each of a word of them to switch on or off.</summary>
    public const ulong Single = 0, MultiEnable = 1 << 16, MultiDisable = 2 << 16;

    /// <summary>The usual ids on RV64, without the number.</summary>
    public const ulong Core64 = Arch | SizeU64 | Core, Csr64 = Arch | SizeU64 | Csr, Timer64 = Arch | SizeU64 | Timer, FpD64 = Arch | SizeU64 | FpD;

    /// <summary>Numbers of <see cref="Config"/> (struct kvm_riscv_config).</summary>
    public const ulong Isa = 0, ZicbomBlockSize = 1, MVendorId = 2, MArchId = 3, MImpId = 4, ZicbozBlockSize = 5, SatpMode = 6;

    /// <summary>Numbers of <see cref="Core"/> (struct kvm_riscv_core): register xN has the number N.</summary>
    public const ulong Pc = 0, Ra = 1, Sp = 2, A0 = 10, A1 = 11, T6 = 31, Mode = 32;

    /// <summary>Numbers of <see cref="Csr"/> (struct kvm_riscv_csr).</summary>
    public const ulong Sstatus = 0, Sie = 1, Stvec = 2, Sscratch = 3, Sepc = 4, Scause = 5, Stval = 6, Sip = 7, Satp = 8, Scounteren = 9;

    /// <summary>Numbers of <see cref="Timer"/> (struct kvm_riscv_timer), all of 64 bits.</summary>
    public const ulong TimerFrequency = 0, TimerTime = 1, TimerCompare = 2, TimerState = 3;

    /// <summary>Number of <see cref="FpF"/> and <see cref="FpD"/>: fcsr, of 32 bits; register fN has the number N.</summary>
    public const ulong Fcsr = 32;
}
