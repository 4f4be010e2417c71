namespace Emulator.Kvm;

/// <summary>Numbers of <see cref="KvmRiscV.IsaExt"/> (enum KVM_RISCV_ISA_EXT_ID of Linux 6.6, up to the last that exists here).</summary>
public enum KvmRiscVIsaExt
{
    A = 0,
    C = 1,
    D = 2,
    F = 3,
    H = 4,
    I = 5,
    M = 6,
    Svpbmt = 7,
    Sstc = 8,
    Svinval = 9,
    Zihintpause = 10,
    Zicbom = 11,
    Zicboz = 12,
    Zbb = 13,
    Ssaia = 14,
    V = 15,
    Svnapot = 16,
    Zba = 17,
    Zbs = 18,
    Zicntr = 19,
    Zicsr = 20,
    Zifencei = 21,
}
