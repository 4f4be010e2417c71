namespace Emulator.Kvm.Tests.Host;

/// <summary>A VM of the kernel.</summary>
internal sealed unsafe class HostVm(HostFile file, int mappingSize) : IKvmVm
{
    public void SetUserMemoryRegion(uint slot, ulong gpa, byte* memory, ulong size, KvmMemoryFlags flags = KvmMemoryFlags.None)
    {
        var region = new KvmUserspaceMemoryRegion { Slot = slot, GuestPhysAddr = gpa, MemorySize = size, UserspaceAddr = (ulong)memory, Flags = flags };
        file.Call(KvmRequest.SetUserMemoryRegion, &region);
    }

    public IKvmVcpu CreateVcpu(int id) => new HostVcpu(new HostFile(file.Call(KvmRequest.CreateVcpu, (void*)(nint)id)), mappingSize);

    public void GetDirtyLog(uint slot, Span<byte> bitmap)
    {
        fixed (byte* bits = bitmap)
        {
            var log = new KvmDirtyLog { Slot = slot, DirtyBitmap = bits };
            file.Call(KvmRequest.GetDirtyLog, &log);
        }
    }

    public void SetTssAddr(ulong address) => file.Call(KvmRequest.SetTssAddr, (void*)address);

    public int Ioctl(uint request, void* argument) => file.Ioctl(request, argument);

    public void Dispose() => file.Dispose();
}
