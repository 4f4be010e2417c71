using System.Runtime.InteropServices;

namespace Emulator.Kvm.Tests.Host;

/// <summary>A vCPU of the kernel.</summary>
internal sealed unsafe class HostVcpu : IKvmVcpu
{
    private readonly HostFile _file;
    private readonly byte* _mapping;
    private readonly int _size;
    private nint _thread;

    static HostVcpu()
    {
        // A handler that does nothing, so that the signal only interrupts: any function of an int that has no effect will do.
        HostCalls.Signal(HostCalls.UserSignal, NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "abs"));
        HostCalls.InterruptedBy(HostCalls.UserSignal, 1);
    }

    public HostVcpu(HostFile file, int mappingSize)
    {
        _file = file;
        _size = mappingSize;
        _mapping = HostCalls.Map(null, (nuint)mappingSize, HostCalls.ProtectReadWrite, HostCalls.MapShared, file.Descriptor, 0);
    }

    public KvmRun* Shared => (KvmRun*)_mapping;

    public Span<byte> Mapping => new(_mapping, _size);

    public bool Run()
    {
        Volatile.Write(ref _thread, HostCalls.ThreadSelf());
        var result = _file.Ioctl(KvmRequest.Run, null);
        Volatile.Write(ref _thread, 0);
        return result == -(int)Errno.EINTR ? false : result < 0 ? throw new KvmException((Errno)(-result), "KVM_RUN", "the kernel refuses", "see its log") : true;
    }

    public void Kick()
    {
        // A signal between two runs is lost, so send it until the run is over.
        while (Volatile.Read(ref _thread) == 0)
            Thread.Sleep(1);
        while (Volatile.Read(ref _thread) is var thread and not 0)
        {
            HostCalls.ThreadKill(thread, HostCalls.UserSignal);
            Thread.Sleep(1);
        }
    }

    public void SetSignalMask(ulong? blocked)
    {
        var mask = stackalloc uint[3];
        mask[0] = sizeof(ulong);
        *(ulong*)(mask + 1) = blocked ?? 0;
        _file.Call(KvmRequest.SetSignalMask, blocked == null ? null : mask);
    }

    public KvmRegs GetRegs()
    {
        KvmRegs regs;
        _file.Call(KvmRequest.GetRegs, &regs);
        return regs;
    }

    public void SetRegs(in KvmRegs regs)
    {
        var copy = regs;
        _file.Call(KvmRequest.SetRegs, &copy);
    }

    public KvmSregs GetSregs()
    {
        KvmSregs sregs;
        _file.Call(KvmRequest.GetSregs, &sregs);
        return sregs;
    }

    public void SetSregs(in KvmSregs sregs)
    {
        var copy = sregs;
        _file.Call(KvmRequest.SetSregs, &copy);
    }

    public KvmFpu GetFpu()
    {
        KvmFpu fpu;
        _file.Call(KvmRequest.GetFpu, &fpu);
        return fpu;
    }

    public void SetFpu(in KvmFpu fpu)
    {
        var copy = fpu;
        _file.Call(KvmRequest.SetFpu, &copy);
    }

    public int GetMsrs(Span<KvmMsrEntry> entries)
    {
        using var list = new HostArray<KvmMsrEntry>(entries);
        var done = _file.Call(KvmRequest.GetMsrs, list.Pointer);
        list.Entries.CopyTo(entries);
        return done;
    }

    public int SetMsrs(ReadOnlySpan<KvmMsrEntry> entries)
    {
        using var list = new HostArray<KvmMsrEntry>(entries);
        return _file.Call(KvmRequest.SetMsrs, list.Pointer);
    }

    public void SetCpuid2(ReadOnlySpan<KvmCpuidEntry2> entries)
    {
        using var list = new HostArray<KvmCpuidEntry2>(entries);
        _file.Call(KvmRequest.SetCpuid2, list.Pointer);
    }

    public ulong GetOneReg(ulong id)
    {
        ulong value = 0;
        var reg = new KvmOneReg { Id = id, Addr = &value };
        _file.Call(KvmRequest.GetOneReg, &reg);
        return value;
    }

    public void SetOneReg(ulong id, ulong value)
    {
        var reg = new KvmOneReg { Id = id, Addr = &value };
        _file.Call(KvmRequest.SetOneReg, &reg);
    }

    public int GetRegList(Span<ulong> ids)
    {
        var list = new ulong[ids.Length + 1];
        list[0] = (ulong)ids.Length;
        fixed (ulong* first = list)
        {
            _file.Call(KvmRequest.GetRegList, first);
        }

        list.AsSpan(1).CopyTo(ids);
        return (int)list[0];
    }

    public KvmMpState GetMpState()
    {
        KvmMpState state;
        _file.Call(KvmRequest.GetMpState, &state);
        return state;
    }

    public void SetMpState(KvmMpState state) => _file.Call(KvmRequest.SetMpState, &state);

    public void Interrupt(uint vector) => _file.Call(KvmRequest.Interrupt, &vector);

    public void Nmi() => _file.Call(KvmRequest.Nmi, null);

    public int Ioctl(uint request, void* argument) => _file.Ioctl(request, argument);

    public void Dispose()
    {
        HostCalls.Unmap(_mapping, (nuint)_size);
        _file.Dispose();
    }
}
