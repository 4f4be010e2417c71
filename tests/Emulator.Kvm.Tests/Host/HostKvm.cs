using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests.Host;

/// <summary>The kernel's KVM behind the same interface: the reference.</summary>
internal sealed unsafe class HostKvm : IKvm
{
    private readonly HostFile _file;

    private HostKvm(HostFile file) => _file = file;

    /// <summary>Opens /dev/kvm; or says why it cannot be used.</summary>
    public static HostKvm? Open(out string problem)
    {
        problem = string.Empty;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            problem = "this is not Linux on x86-64";
            return null;
        }

        var fd = HostCalls.Open("/dev/kvm", HostCalls.ReadWrite | HostCalls.CloseOnExec);
        if (fd < 0)
        {
            problem = $"/dev/kvm cannot be opened (errno {Marshal.GetLastPInvokeError()})";
            return null;
        }

        return new HostKvm(new HostFile(fd));
    }

    public int GetApiVersion() => _file.Call(KvmRequest.GetApiVersion, null);

    public int CheckExtension(KvmCapability capability) => _file.Call(KvmRequest.CheckExtension, (void*)(nint)(int)capability);

    public int GetVcpuMmapSize() => _file.Call(KvmRequest.GetVcpuMmapSize, null);

    public IKvmVm CreateVm() => new HostVm(new HostFile(_file.Call(KvmRequest.CreateVm, null)), GetVcpuMmapSize());

    public int GetMsrIndexList(Span<uint> indices)
    {
        var list = stackalloc uint[indices.Length + 1];
        list[0] = (uint)indices.Length;
        _file.Call(KvmRequest.GetMsrIndexList, list);
        new ReadOnlySpan<uint>(list + 1, (int)list[0]).CopyTo(indices);
        return (int)list[0];
    }

    public int GetSupportedCpuid(Span<KvmCpuidEntry2> entries)
    {
        using var list = new HostArray<KvmCpuidEntry2>(entries);
        _file.Call(KvmRequest.GetSupportedCpuid, list.Pointer);
        list.Entries[..list.Count].CopyTo(entries);
        return list.Count;
    }

    public int Ioctl(uint request, void* argument) => _file.Ioctl(request, argument);

    public void Dispose() => _file.Dispose();
}
