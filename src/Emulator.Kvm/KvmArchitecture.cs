namespace Emulator.Kvm;

/// <summary>The instruction set of the guests of a <see cref="Kvm"/>: what the kernel's KVM was compiled for.</summary>
public enum KvmArchitecture
{
    /// <summary>x86 of 32 bits.</summary>
    X86,

    /// <summary>RISC-V of 64 bits, in supervisor and user mode.</summary>
    RiscV64,

    /// <summary>RISC-V of 32 bits, in supervisor and user mode.</summary>
    RiscV32,
}
