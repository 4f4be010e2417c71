namespace Emulator.Kvm.Tests.RiscV;

/// <summary>Several vCPUs, each on its own thread: started and stopped by each other, with atomic operations between them.</summary>
public sealed unsafe class ThreadTests
{
    private const uint Hsm = 0x48_534D, Ipi = 0x73_5049, Rfence = 0x5246_4E43;

    public static TheoryData<string> All => RiscVImplementations.All;

    public static TheoryData<string, bool> Fences
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var row in (IEnumerable<object[]>)All)
            {
                data.Add((string)row[0], true);
                data.Add((string)row[0], false);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Two_vCPUs_started_by_SBI_count_together(string on)
    {
        const int Times = 20_000;
        using var guest = new RiscVGuest(on);
        using var second = guest.Vm.CreateVcpu(1);
        Assert.Equal((KvmMpState.Runnable, KvmMpState.Stopped), (guest.Vcpu.GetMpState(), second.GetMpState()));

        // An AMO, a counter under LR and SC, a lock taken by AMOSWAP and left by a plain store; then each says so and stops.
        string[] count =
        [
            $"li s0 {RiscVGuest.Data}", $"li s1 {Times}", "addi t1, zero, 1",
            "next:", "amoadd.w zero, t1, (s0)",
            "again:", "addi t0, s0, 4", "lr.w t2, (t0)", "addi t2, t2, 1", "sc.w t3, t2, (t0)", "bne t3, zero, {again}",
            "addi t0, s0, 8",
            "busy:", "amoswap.w t2, t1, (t0)", "bne t2, zero, {busy}", "lw t2, 12(s0)", "addi t2, t2, 1", "sw t2, 12(s0)", "sw zero, 8(s0)",
            "addi s1, s1, -1", "bne s1, zero, {next}", $"sbi {RiscVGuest.Mine} 0", $"sbi {Hsm} 1",
        ];
        guest.Put(RiscVGuest.Handler, count);
        guest.Load("addi a0, zero, 1", $"li a1 {RiscVGuest.Handler}", "li a2 0x5A", $"sbi {Hsm} 0", "failed:", "bne a0, zero, {failed}", $"li t0 {RiscVGuest.Handler}", "jalr zero, 0(t0)");
        var threads = ((KvmVcpu[])[guest.Vcpu, second]).Select(vcpu => new Background(() =>
        {
            Assert.True(vcpu.Run());
            Assert.Equal(KvmExitReason.RiscVSbi, vcpu.Shared->ExitReason);
        })).ToArray();
        foreach (var thread in threads)
            Assert.True(thread.Ends());
        foreach (var offset in (uint[])[0, 4, 12])
            Assert.Equal(2 * Times, guest.Read<int>(RiscVGuest.Data + offset));
        Assert.Equal((1ul, 0x5Aul), (second.GetOneReg(guest.Word | KvmRiscV.Core | KvmRiscV.A0), second.GetOneReg(guest.Word | KvmRiscV.Core | KvmRiscV.A1)));

        // The second stops itself, and waits until it is kicked.
        var stopped = new Background(() => Assert.False(second.Run()));
        Assert.False(stopped.Ends(20));
        Assert.Equal(KvmMpState.Stopped, second.GetMpState());
        second.Kick();
        Assert.True(stopped.Ends());
        Assert.Equal(KvmExitReason.Intr, second.Shared->ExitReason);
    }

    [Theory, MemberData(nameof(Fences))]
    public void A_vCPU_wakes_another_and_drops_its_translations(string on, bool fenced)
    {
        using var guest = new RiscVGuest(on);
        using var second = guest.Vm.CreateVcpu(1);
        var wide = guest.Xlen == 64;
        const uint Root = RiscVGuest.Ram + 0x6000, Entry = Root + 24;
        guest.Write(wide ? Root + 8 : Root + 4 * 0x100, RiscVGuest.Ram >> 2 | 0xCF);

        // The second reads through an entry at 0xC0000000, waits for an interrupt, and reads again after the first has cleared the entry.
        const uint Trap = RiscVGuest.Ram + 0x800;
        guest.Put(RiscVGuest.Handler, "addi t0, zero, 3", "slli t0, t0, 30", "lui t1, 2", "add t0, t0, t1", "lw s0, 0(t0)", "addi t2, zero, 2", "csrrw zero, sie, t2",
            $"sbi {RiscVGuest.Mine} 1", "wfi", "lw s1, 0(t0)", $"sbi {RiscVGuest.Mine} 2");
        guest.Put(Trap, "csrrs s2, scause, zero", $"sbi {RiscVGuest.Mine} 4");
        var entry = wide ? Entry : Root + 4 * 0x300;
        guest.Write(entry, RiscVGuest.Ram >> 2 | 0xCF);
        guest.Write(RiscVGuest.Data, 0x1111u);
        second.SetMpState(KvmMpState.Runnable);
        second.SetOneReg(guest.Word | KvmRiscV.Core, RiscVGuest.Handler);
        second.SetOneReg(guest.Word | KvmRiscV.Csr | KvmRiscV.Stvec, Trap);
        second.SetOneReg(guest.Word | KvmRiscV.Csr | KvmRiscV.Satp, (wide ? 8ul << 60 : 1ul << 31) | Root >> 12);
        Assert.True(second.Run());
        Assert.Equal((KvmExitReason.RiscVSbi, 0x1111ul), (second.Shared->ExitReason, second.GetOneReg(guest.Word | KvmRiscV.Core | 8)));
        var waiting = new Background(() => Assert.True(second.Run()));
        Assert.False(waiting.Ends(20));

        // Cleared by the first, with a fence on the second (or, for comparison, without): the next read faults.
        guest.Load($"li t0 {entry}", "sw zero, 0(t0)", "addi a0, zero, 2", "addi a1, zero, 0", "addi a2, zero, 0", "addi a3, zero, 0", fenced ? $"sbi {Rfence} 1" : "addi zero, zero, 0",
            "addi a0, zero, 2", "addi a1, zero, 0", $"sbi {Ipi} 0", $"sbi {RiscVGuest.Mine} 3");
        Assert.Equal(3ul, guest.RunToCall());
        Assert.True(waiting.Ends());
        Assert.Equal(fenced ? 4ul : 2ul, second.Shared->RiscVSbi.FunctionId);
        Assert.Equal(fenced ? 13ul : 0, second.GetOneReg(guest.Word | KvmRiscV.Core | 18));
    }

    [Theory, MemberData(nameof(All))]
    public void A_freed_vCPU_is_no_hart_any_more(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Vm.CreateVcpu(1).Dispose();
        Errors.Fails(Errno.EEXIST, () => guest.Vm.CreateVcpu(1));
        using var third = guest.Vm.CreateVcpu(2);
        Assert.Equal(KvmMpState.Stopped, third.GetMpState());
        guest.Vm.FlushCode();
        guest.Load("addi a0, zero, 1", $"sbi {Hsm} 2", "addi s0, a0, 0", "addi a0, zero, 0", "addi a1, zero, -1", $"sbi {Ipi} 0", "addi s1, a0, 0", "addi a0, zero, 2", "addi a1, zero, 0",
            $"sbi {Ipi} 0", "addi s2, a0, 0", $"sbi {RiscVGuest.Mine} 1", "sbi 8 0");
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal((-3, 0, -3), ((int)guest.X(8), (int)guest.X(9), (int)guest.X(18)));
        Assert.Equal(2ul, third.GetOneReg(guest.Word | KvmRiscV.Csr | KvmRiscV.Sip));
        Assert.Equal(KvmExitReason.SystemEvent, guest.Run());
    }

    [Theory, MemberData(nameof(All))]
    public void A_client_powers_vCPUs_on_and_off(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"sbi {RiscVGuest.Mine} 1", $"sbi {RiscVGuest.Mine} 2");
        Assert.Equal(1ul, guest.RunToCall());
        guest.Vcpu.SetMpState(KvmMpState.Stopped);
        guest.Vcpu.Kick();
        Assert.False(guest.Vcpu.Run());
        Assert.Equal(KvmMpState.Stopped, guest.Vcpu.GetMpState());
        guest.Vcpu.SetMpState(KvmMpState.Runnable);
        Assert.Equal(2ul, guest.RunToCall());
        foreach (var state in (KvmMpState[])[KvmMpState.Halted, KvmMpState.Uninitialized, (KvmMpState)6])
            Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetMpState(state));
    }

    [Theory, MemberData(nameof(All))]
    public void A_hart_that_suspends_itself_goes_on_after_the_call(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.SetCsr(KvmRiscV.Sie, 1 << 9);
        guest.Load("addi a0, zero, 0", $"sbi {Hsm} 3", "addi s0, a0, 5", $"sbi {RiscVGuest.Mine} 6");
        var runner = new Background(() => Assert.Equal(6ul, guest.RunToCall()));
        Assert.False(runner.Ends(20));
        guest.Vcpu.Interrupt(KvmRiscV.InterruptSet);
        Assert.True(runner.Ends());
        Assert.Equal(5ul, guest.X(8));
    }

    [Theory, MemberData(nameof(All))]
    public void VMs_run_at_the_same_time_and_share_nothing(string on)
    {
        var sums = new ulong[4];
        var threads = Enumerable.Range(0, sums.Length).Select(i => new Background(() =>
        {
            using var guest = new RiscVGuest(on);
            guest.Load("li s1 5000", $"li t0 {RiscVGuest.Hole}", "loop:", "lbu t1, 0(t0)", "add s0, s0, t1", "addi s1, s1, -1", "bne s1, zero, {loop}", $"sbi {RiscVGuest.Mine} 0");
            while (guest.Run() == KvmExitReason.Mmio)
                guest.Shared.Mmio.Data = (ulong)i + 1;
            sums[i] = guest.X(8);
        })).ToArray();
        foreach (var thread in threads)
            Assert.True(thread.Ends());
        Assert.Equal([5000ul, 10_000ul, 15_000ul, 20_000ul], sums);
    }
}
