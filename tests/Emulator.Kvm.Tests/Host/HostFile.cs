using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests.Host;

/// <summary>A file of KVM: the system, a VM, a vCPU.</summary>
internal sealed unsafe class HostFile(int fd) : IDisposable
{
    public int Descriptor => fd;

    /// <summary>The result, or the error number negated.</summary>
    public int Ioctl(uint request, void* argument)
    {
        var result = HostCalls.Ioctl(fd, request, argument);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>The result; an error is thrown.</summary>
    public int Call(uint request, void* argument)
    {
        var result = Ioctl(request, argument);
        return result >= 0 ? result : throw new KvmException((Errno)(-result), $"ioctl 0x{request:x}", "the kernel refuses", "see Linux Documentation/virt/kvm/api.rst");
    }

    public void Dispose() => HostCalls.Close(fd);
}
