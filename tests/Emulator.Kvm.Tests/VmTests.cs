using Emulator.Runtime;

namespace Emulator.Kvm.Tests;

/// <summary>The system and VM objects: capabilities, slots, dirty log, errors.</summary>
public sealed unsafe class VmTests
{
    public static TheoryData<string> All => Implementations.All;

    [Theory, MemberData(nameof(All))]
    public void The_system_answers_as_KVM(string on)
    {
        using var kvm = Implementations.Open(on);
        Assert.Equal(12, kvm.GetApiVersion());
        Assert.Equal(12288, kvm.GetVcpuMmapSize());
        foreach (var capability in (KvmCapability[])[KvmCapability.UserMemory, KvmCapability.SetTssAddr, KvmCapability.ExtCpuid, KvmCapability.MpState,
            KvmCapability.DestroyMemoryRegionWorks, KvmCapability.IrqRouting, KvmCapability.JoinMemoryRegionsWorks, KvmCapability.ImmediateExit, KvmCapability.ReadonlyMem,
            KvmCapability.NrVcpus, KvmCapability.NrMemslots, KvmCapability.MaxVcpus])
        {
            Assert.True(kvm.CheckExtension(capability) > 0, capability.ToString());
        }

        Assert.Equal(0, kvm.CheckExtension((KvmCapability)9999));
    }

    [Theory, MemberData(nameof(All))]
    public void Slots_are_checked(string on)
    {
        using var guest = new Guest(on);
        using var memory = new NativeBlock(0x4000);
        var p = memory.Pointer;
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20800, p, 0x1000));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x800));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p + 1, 0x1000));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x1000, (KvmMemoryFlags)0x80));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1u << 15, 0x20000, p, 0x1000));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, null, 0));
        Errors.Fails(Errno.EEXIST, () => guest.Vm.SetUserMemoryRegion(1, 0xF000, p, 0x2000));
        guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x2000);
        guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x2000);
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x1000));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p + 0x1000, 0x2000));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x20000, p, 0x2000, KvmMemoryFlags.ReadOnly));
        guest.Vm.SetUserMemoryRegion(1, 0x30000, p, 0x2000);
        guest.Vm.SetUserMemoryRegion(1, 0x30000, p, 0);
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 0x30000, p, 0));
    }

    [Theory, MemberData(nameof(All))]
    public void Slots_come_go_and_move_between_runs(string on)
    {
        using var guest = new Guest(on);
        using var memory = new NativeBlock(0x1000);
        *memory.Pointer = 0x66;
        guest.Load(32, "mov al, byte [0x20000]", "hlt", "mov bl, byte [0x20000]", "hlt", "mov cl, byte [0x21000]", "mov byte [0x21001], cl", "hlt");
        Assert.Equal(KvmExitReason.Mmio, guest.Run());
        guest.Shared.Mmio.Data = 0x11;
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Vm.SetUserMemoryRegion(1, 0x20000, memory.Pointer, 0x1000);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Vm.SetUserMemoryRegion(1, 0x21000, memory.Pointer, 0x1000);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal((0x11ul, 0x66ul, 0x66ul), (guest.Regs.Rax, guest.Regs.Rbx, guest.Regs.Rcx));
        Assert.Equal(0x66, memory.Pointer[1]);
    }

    [Theory, MemberData(nameof(All))]
    public void The_clients_own_writes_to_data_are_seen(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov al, byte [0x2000]", "out 0x10, al", "jmp 0x1000");
        for (byte i = 1; i < 4; i++)
        {
            *(guest.Ram.Pointer + 0x2000) = i;
            Assert.Equal(KvmExitReason.Io, guest.Run());
            Assert.Equal(i, guest.PortData[0]);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_dirty_log_tells_pages_written_since_the_last_look(string on)
    {
        using var guest = new Guest(on);
        using var memory = new NativeBlock(0x42000);
        guest.Vm.SetUserMemoryRegion(1, 0x100000, memory.Pointer, 0x42000, KvmMemoryFlags.LogDirtyPages);
        guest.Load(32, "mov eax, dword [0x105000]", "mov dword [0x101000], eax", "inc dword [0x141ffc]", "hlt", "mov byte [0x101001], 1", "mov dword [0x102ffe], 0", "hlt", "hlt");
        Span<ulong> bits = stackalloc ulong[2];
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Vm.GetDirtyLog(1, bytes);
        Assert.Equal((0b10ul, 0b10ul), (bits[0], bits[1]));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Vm.GetDirtyLog(1, bytes);
        Assert.Equal((0b1110ul, 0ul), (bits[0], bits[1]));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Vm.GetDirtyLog(1, bytes);
        Assert.Equal((0ul, 0ul), (bits[0], bits[1]));
        Errors.Fails(Errno.ENOENT, () => guest.Vm.GetDirtyLog(0, new byte[8]));
        Errors.Fails(Errno.ENOENT, () => guest.Vm.GetDirtyLog(7, new byte[8]));
    }

    [Theory, MemberData(nameof(All))]
    public void A_dirty_log_can_be_switched_on_and_off(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov byte [0x2000], 1", "hlt", "mov byte [0x3000], 1", "hlt", "mov byte [0x4000], 1", "hlt");
        guest.Run();
        guest.Vm.SetUserMemoryRegion(0, 0, guest.Ram.Pointer, Guest.RamSize, KvmMemoryFlags.LogDirtyPages);
        guest.Run();
        var bits = new byte[8];
        guest.Vm.GetDirtyLog(0, bits);
        Assert.Equal(0b1000, bits[0]);
        guest.Vm.SetUserMemoryRegion(0, 0, guest.Ram.Pointer, Guest.RamSize);
        guest.Run();
        Errors.Fails(Errno.ENOENT, () => guest.Vm.GetDirtyLog(0, new byte[8]));
    }

    [Theory, MemberData(nameof(All))]
    public void A_vCPU_is_made_once(string on)
    {
        using var guest = new Guest(on);
        Errors.Fails(Errno.EEXIST, () => guest.Vm.CreateVcpu(0));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.CreateVcpu(1 << 20));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetTssAddr(0xFFFF_F000));
    }

    [Theory, MemberData(nameof(All))]
    public void Unknown_requests_and_null_structures_have_KVMs_errors(string on)
    {
        using var guest = new Guest(on);
        Assert.Equal(-(int)Errno.EINVAL, guest.System.Ioctl(0xAEFF, null));
        Assert.Equal(-(int)Errno.ENOTTY, guest.Vm.Ioctl(0xAEFE, null));
        Assert.Equal(-(int)Errno.EINVAL, guest.Vcpu.Ioctl(0xAEFD, null));
        Assert.Equal(-(int)Errno.EINVAL, guest.System.Ioctl(KvmRequest.GetApiVersion, (void*)1));
        Assert.Equal(-(int)Errno.EINVAL, guest.Vcpu.Ioctl(KvmRequest.Run, (void*)1));
        foreach (var request in (uint[])[KvmRequest.GetRegs, KvmRequest.SetRegs, KvmRequest.GetSregs, KvmRequest.SetSregs, KvmRequest.GetFpu, KvmRequest.SetFpu,
            KvmRequest.Interrupt, KvmRequest.GetMpState, KvmRequest.SetMpState, KvmRequest.GetMsrs, KvmRequest.SetMsrs, KvmRequest.SetCpuid2])
        {
            Assert.True(-(int)Errno.EFAULT == guest.Vcpu.Ioctl(request, null), $"0x{request:x}: {guest.Vcpu.Ioctl(request, null)}");
        }

        Assert.Equal(-(int)Errno.EFAULT, guest.Vm.Ioctl(KvmRequest.SetUserMemoryRegion, null));
        Assert.Equal(-(int)Errno.EFAULT, guest.System.Ioctl(KvmRequest.GetSupportedCpuid, null));
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.SetSignalMask, null));
        var mask = stackalloc uint[3] { 4, 0, 0 };
        Assert.Equal(-(int)Errno.EINVAL, guest.Vcpu.Ioctl(KvmRequest.SetSignalMask, mask));
    }

    [Theory, MemberData(nameof(All))]
    public void A_client_can_be_all_ioctls(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "out 0x10, al", "hlt");
        KvmRegs regs;
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.GetRegs, &regs));
        regs.Rax = 0x5A;
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.SetRegs, &regs));
        KvmSregs sregs;
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.GetSregs, &sregs));
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.SetSregs, &sregs));
        Assert.Equal(0, guest.Vcpu.Ioctl(KvmRequest.Run, null));
        Assert.Equal((KvmExitReason.Io, 0x5A), (guest.Exit, guest.PortData[0]));
        var msrs = stackalloc uint[6] { 1, 0, 0x175, 0, 0x1111, 0 };
        Assert.Equal(1, guest.Vcpu.Ioctl(KvmRequest.SetMsrs, msrs));
        msrs[4] = 0;
        Assert.Equal(1, guest.Vcpu.Ioctl(KvmRequest.GetMsrs, msrs));
        Assert.Equal(0x1111u, msrs[4]);
        var list = stackalloc uint[1] { 0 };
        Assert.Equal(-(int)Errno.E2BIG, guest.System.Ioctl(KvmRequest.GetMsrIndexList, list));
        Assert.True(*list > 4);
    }
}
