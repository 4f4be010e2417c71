using Emulator.Testing;
using Xunit;

namespace Emulator.System.Tests.Vmx;

/// <summary>A test that needs Bochs: skipped where there is none, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BochsFactAttribute : FactAttribute
{
    public BochsFactAttribute()
    {
        if (!Bochs.IsInstalled && !Repository.IsCi)
            Skip = $"{Bochs.Program} is not installed (in CI this test fails instead).";
    }
}
