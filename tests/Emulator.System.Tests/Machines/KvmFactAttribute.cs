using Xunit;

namespace Emulator.System.Tests.Machines;

/// <summary>A test on the host's own processor: skipped, with the reason, where QEMU or /dev/kvm cannot be used.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KvmFactAttribute : FactAttribute
{
    private const string Device = "/dev/kvm";

    public KvmFactAttribute()
    {
        if (!Qemu.IsInstalled)
            Skip = $"{Qemu.Program} is not installed.";
        else if (!CanOpen())
            Skip = $"{Device} cannot be opened.";
    }

    private static bool CanOpen()
    {
        try
        {
            using var device = new FileStream(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
