namespace Emulator.Kvm.Tests.RiscV;

/// <summary>The calls of a guest's kernel: which are answered here, which go to the client.</summary>
public sealed unsafe class SbiTests
{
    private const ulong NotSupported = ulong.MaxValue - 1, InvalidParam = ulong.MaxValue - 2, AlreadyAvailable = ulong.MaxValue - 5;
    private const uint Base = 0x10, Time = 0x5449_4D45, Ipi = 0x73_5049, Rfence = 0x5246_4E43, Hsm = 0x48_534D, Reset = 0x5352_5354, Console = 0x4442_434E;

    public static TheoryData<string> All => RiscVImplementations.All;

    [Theory, MemberData(nameof(All))]
    public void The_base_extension_tells_versions_identity_and_what_there_is(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Vcpu.SetOneReg(guest.Word | KvmRiscV.Config | KvmRiscV.MVendorId, 0x489);
        guest.Vcpu.SetOneReg(guest.Word | KvmRiscV.Config | KvmRiscV.MImpId, 0x77);
        Assert.Equal((0ul, 0x0200_0000ul), Call(guest, Base, 0));
        Assert.Equal((0ul, 3ul), Call(guest, Base, 1));
        foreach (var (extension, there) in ((uint, ulong)[])[(0, 1), (8, 1), (9, 0), (Base, 1), (Time, 1), (Ipi, 1), (Rfence, 1), (Hsm, 1), (Reset, 1), (Console, 0), (0x50_4D55, 0), (0x1234, 0)])
            Assert.Equal((0ul, there), Call(guest, Base, 3, extension));
        Assert.Equal((0ul, 0x489ul), Call(guest, Base, 4));
        Assert.Equal((0ul, 0ul), Call(guest, Base, 5));
        Assert.Equal((0ul, 0x77ul), Call(guest, Base, 6));
        Assert.Equal((NotSupported, 0ul), Call(guest, Base, 7));
        Assert.Equal((NotSupported, 0ul), Call(guest, 0x1234, 0));
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_the_clients_exits(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Vcpu.SetOneReg(guest.Word | KvmRiscV.SbiExt | (ulong)KvmRiscVSbiExt.Dbcn, 1);
        foreach (var (extension, function) in ((uint, uint)[])[(1, 0), (2, 0), (0x0800_0000, 5), (0x08FF_FFFF, 6), (0x0900_0000, 7), (0x09FF_FFFF, 8), (Console, 0), (Console, 1), (Console, 2)])
        {
            guest.Load($"sbi {extension} {function}", $"sbi {RiscVGuest.Mine} 99");
            Assert.Equal(KvmExitReason.RiscVSbi, guest.Run());
            Assert.Equal((extension, function), ((uint)guest.Shared.RiscVSbi.ExtensionId, (uint)guest.Shared.RiscVSbi.FunctionId));
            guest.Shared.RiscVSbi.Ret[0] = 0;
            Assert.Equal(99ul, guest.RunToCall());
        }

        Assert.Equal((NotSupported, 0ul), Call(guest, Console, 3));

        // Whether a vendor's extension exists is the client's to tell too.
        guest.Load("li a0 0x09000001", $"sbi {Base} 3", $"sbi {RiscVGuest.Mine} 1");
        Assert.Equal(KvmExitReason.RiscVSbi, guest.Run());
        guest.Shared.RiscVSbi.Ret[0] = 0;
        guest.Shared.RiscVSbi.Ret[1] = 1;
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal((0ul, 1ul), (guest.X(10), guest.X(11)));
    }

    [Theory, MemberData(nameof(All))]
    public void What_is_switched_off_does_not_exist(string on)
    {
        using var guest = new RiscVGuest(on);
        foreach (var extension in (KvmRiscVSbiExt[])[KvmRiscVSbiExt.V01, KvmRiscVSbiExt.Srst, KvmRiscVSbiExt.Vendor])
            guest.Vcpu.SetOneReg(guest.Word | KvmRiscV.SbiExt | (ulong)extension, 0);
        guest.Load("addi a0, zero, 65", "sbi 1 0", "addi s0, a0, 0", $"sbi {Reset} 0", "addi s1, a0, 0", "li a0 0x09000001", $"sbi {Base} 3", "addi s2, a1, 0", "sbi 0x08000000 7");
        Assert.Equal(KvmExitReason.RiscVSbi, guest.Run());
        Assert.Equal(7ul, guest.Shared.RiscVSbi.FunctionId);
        var all = guest.Xlen == 64 ? ulong.MaxValue : uint.MaxValue;
        Assert.Equal((NotSupported & all, NotSupported & all, 0ul), (guest.X(8), guest.X(9), guest.X(18)));
    }

    [Theory, MemberData(nameof(All))]
    public void Harts_are_asked_about_and_errors_are_SBIs(string on)
    {
        using var guest = new RiscVGuest(on);
        using var second = guest.Vm.CreateVcpu(5);
        Assert.Equal((0ul, 0ul), Call(guest, Hsm, 2, 0));
        Assert.Equal((0ul, 1ul), Call(guest, Hsm, 2, 5));
        Assert.Equal((InvalidParam, 0ul), Call(guest, Hsm, 2, 1));
        Assert.Equal((InvalidParam, 0ul), Call(guest, Hsm, 0, 9));
        Assert.Equal((AlreadyAvailable, 0ul), Call(guest, Hsm, 0, 0));
        Assert.Equal((NotSupported, 0ul), Call(guest, Hsm, 3, 0x8000_0000));
        Assert.Equal((InvalidParam, 0ul), Call(guest, Hsm, 3, 1));
        Assert.Equal((InvalidParam, 0ul), Call(guest, Ipi, 0, 3, 0));
        Assert.Equal((NotSupported, 0ul), Call(guest, Ipi, 1));
        Assert.Equal((0ul, 0ul), Call(guest, Rfence, 0, 1, 0));
        Assert.Equal((0ul, 0ul), Call(guest, Rfence, 6));
        Assert.Equal((NotSupported, 0ul), Call(guest, Rfence, 7));
        Assert.Equal((InvalidParam, 0ul), Call(guest, Time, 1));
        Assert.Equal((NotSupported, 0ul), Call(guest, Reset, 0, 3));
        Assert.Equal((NotSupported, 0ul), Call(guest, Reset, 1, 0));
    }

    [Theory, MemberData(nameof(All))]
    public void Interprocessor_interrupts_reach_the_harts_meant(string on)
    {
        using var guest = new RiscVGuest(on);
        using var second = guest.Vm.CreateVcpu(1);
        using var third = guest.Vm.CreateVcpu(66);
        ulong Sip(KvmVcpu vcpu) => vcpu.GetOneReg(guest.Word | KvmRiscV.Csr | KvmRiscV.Sip);
        Assert.Equal((0ul, 0ul), Call(guest, Ipi, 0, 2, 0));
        Assert.Equal((0ul, 2ul, 0ul), (Sip(guest.Vcpu), Sip(second), Sip(third)));
        Assert.Equal((0ul, 0ul), Call(guest, Ipi, 0, 4, 64));
        Assert.Equal((0ul, 2ul), (Sip(guest.Vcpu), Sip(third)));
        Assert.Equal((0ul, 0ul), Call(guest, Ipi, 0, 0, ulong.MaxValue));
        Assert.Equal(2ul, Sip(guest.Vcpu));

        // Version 0.1: clear, and a mask in memory.
        guest.Write(RiscVGuest.Data, 1ul);
        guest.Load("sbi 3 0", "csrrs s0, sip, zero", $"li a0 {RiscVGuest.Data}", "sbi 4 0", "csrrs s1, sip, zero", "addi s2, a1, 0", $"sbi {RiscVGuest.Mine} 0");
        guest.SetX(11, 1234);
        guest.RunToCall();
        Assert.Equal((0ul, 2ul, 1234ul, 0ul), (guest.X(8), guest.X(9), guest.X(18), guest.X(10)));
    }

    [Theory, MemberData(nameof(All))]
    public void A_mask_that_cannot_be_read_is_the_guests_fault(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Put(RiscVGuest.Handler, "csrrs a0, scause, zero", "csrrs a1, sepc, zero", $"sbi {RiscVGuest.Mine} 1");
        guest.Load("sbi 4 0");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);

        // The only page there is is that of the code: a large one, for what is fetched; the mask lies elsewhere.
        const uint Root = RiscVGuest.Ram + 0x6000;
        if (guest.Xlen == 64)
            guest.Write(Root + 8, (ulong)RiscVGuest.Ram >> 2 | 0xCF);
        else
            guest.Write(Root + 4 * 0x100, RiscVGuest.Ram >> 2 | 0xCF);
        guest.SetCsr(KvmRiscV.Satp, (guest.Xlen == 64 ? 8ul << 60 : 1ul << 31) | Root >> 12);
        guest.SetX(10, 0x1000);
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal(13ul, guest.X(10));
        Assert.InRange(guest.X(11), RiscVGuest.Ram, RiscVGuest.Ram + 16);
    }

    [Theory, MemberData(nameof(All))]
    public void Shutdown_and_reset_are_system_events_that_stop_all(string on)
    {
        foreach (var (extension, type, reason, expected) in ((uint, int, int, KvmSystemEventType)[])[(Reset, 0, 1, KvmSystemEventType.Shutdown), (Reset, 1, 0, KvmSystemEventType.Reset),
            (Reset, 2, 7, KvmSystemEventType.Reset), (8, 0, 0, KvmSystemEventType.Shutdown)])
        {
            using var guest = new RiscVGuest(on);
            using var second = guest.Vm.CreateVcpu(1);
            second.SetMpState(KvmMpState.Runnable);
            guest.Load($"addi a0, zero, {type}", $"addi a1, zero, {reason}", $"sbi {extension} 0");
            Assert.Equal(KvmExitReason.SystemEvent, guest.Run());
            ref var happened = ref guest.Shared.SystemEvent;
            Assert.Equal((expected, 1u, (ulong)reason), (happened.Type, happened.Ndata, happened.Data[0]));
            Assert.Equal((KvmMpState.Stopped, KvmMpState.Stopped), (guest.Vcpu.GetMpState(), second.GetMpState()));

            // Made runnable again it makes the call again, unless it is sent elsewhere.
            guest.Vcpu.SetMpState(KvmMpState.Runnable);
            Assert.Equal(KvmExitReason.SystemEvent, guest.Run());
            guest.Vcpu.SetMpState(KvmMpState.Runnable);
            guest.Load($"sbi {RiscVGuest.Mine} 3");
            Assert.Equal(3ul, guest.RunToCall());
        }
    }

    /// <summary>Makes a call and gives a0 and a1, at 64 bits.</summary>
    private static (ulong Error, ulong Value) Call(RiscVGuest guest, uint extension, uint function, ulong a0 = 0, ulong a1 = 0)
    {
        guest.Load($"sbi {extension} {function}", "addi s10, a0, 0", "addi s11, a1, 0", $"sbi {RiscVGuest.Mine} 77");
        guest.SetX(10, a0);
        guest.SetX(11, a1);
        Assert.Equal(77ul, guest.RunToCall());
        ulong Signed(int register) => guest.Xlen == 64 ? guest.X(register) : (ulong)(int)guest.X(register);
        return (Signed(26), Signed(27));
    }
}
