namespace Emulator.Kvm.Tests;

/// <summary>Asserts on failed calls.</summary>
internal static class Errors
{
    /// <summary>The call fails with this error number, in a message that names a remedy.</summary>
    public static void Fails(Errno errno, Action call)
    {
        var e = Assert.Throws<KvmException>(call);
        Assert.Equal(errno, e.Errno);
        Assert.Contains("; ", e.Message, StringComparison.Ordinal);
    }
}
