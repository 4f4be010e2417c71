namespace Emulator.Kvm.Tests.RiscV;

/// <summary>What tests of RISC-V guests run on: both widths, each bare and under the monitor.</summary>
public static class RiscVImplementations
{
    /// <summary>Names for <see cref="Open"/>: width, dash, backend.</summary>
    public static TheoryData<string> All => ["64-bare", "64-trap", "32-bare", "32-trap"];

    /// <summary>Those of 64 bits.</summary>
    public static TheoryData<string> Wide => ["64-bare", "64-trap"];

    /// <summary>Width of a name.</summary>
    public static int Xlen(string name) => name.StartsWith("64", StringComparison.Ordinal) ? 64 : 32;

    /// <summary>Opens one.</summary>
    public static Kvm Open(string name) => Kvm.Open(Xlen(name) == 64 ? KvmArchitecture.RiscV64 : KvmArchitecture.RiscV32,
        name.EndsWith("trap", StringComparison.Ordinal) ? KvmBackend.TrapAndEmulate : KvmBackend.Bare);
}
