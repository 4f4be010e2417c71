using Emulator.Testing;

namespace Emulator.RiscV.Conformance;

/// <summary>Tests that need QEMU for both widths: skipped where there is none, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QemuTheoryAttribute : TheoryAttribute
{
    public QemuTheoryAttribute()
    {
        if (!(Qemu.IsInstalled(32) && Qemu.IsInstalled(64)) && !Repository.IsCi)
            Skip = "qemu-system-riscv32 and qemu-system-riscv64 are not installed (in CI this test fails instead).";
    }
}
