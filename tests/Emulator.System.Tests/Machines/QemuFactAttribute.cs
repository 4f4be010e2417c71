using Emulator.Testing;
using Xunit;

namespace Emulator.System.Tests.Machines;

/// <summary>A test that needs QEMU: skipped where there is none, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QemuFactAttribute : FactAttribute
{
    public QemuFactAttribute()
    {
        if (!Qemu.IsInstalled && !Repository.IsCi)
            Skip = $"{Qemu.Program} is not installed (in CI this test fails instead).";
    }
}
