using Emulator.Runtime;

namespace Emulator.Kvm.Tests.RiscV;

/// <summary>Exits, what the guest sees of traps and interrupts, and memory.</summary>
public sealed unsafe class RunTests
{
    public static TheoryData<string> All => RiscVImplementations.All;

    public static TheoryData<string> Wide => RiscVImplementations.Wide;

    [Theory, MemberData(nameof(All))]
    public void Device_accesses_exit_with_address_size_and_data(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"li t0 {RiscVGuest.Hole}", "li t1 0x11223344", "sw t1, 16(t0)", "sh t1, 18(t0)", "lbu a0, 20(t0)", "lw a1, 24(t0)", "addi a2, zero, 7", $"sbi {RiscVGuest.Mine} 0");
        guest.ExpectWrite(RiscVGuest.Hole + 16, 4, 0x11223344);
        guest.ExpectWrite(RiscVGuest.Hole + 18, 2, 0x3344);
        guest.ExpectRead(RiscVGuest.Hole + 20, 1, 0xA1);
        Assert.Equal(0ul, guest.X(10));
        guest.ExpectRead(RiscVGuest.Hole + 24, 4, 0x12345678);
        guest.RunToCall();
        Assert.Equal((0xA1ul, 0x12345678ul, 7ul), (guest.X(10), guest.X(11), guest.X(12)));
    }

    [Theory, MemberData(nameof(All))]
    public void An_atomic_operation_on_a_device_exits_twice(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"li t0 {RiscVGuest.Hole}", "addi t1, zero, 5", "amoadd.w a0, t1, (t0)", $"sbi {RiscVGuest.Mine} 0");
        guest.ExpectRead(RiscVGuest.Hole, 4, 37);
        guest.ExpectWrite(RiscVGuest.Hole, 4, 42);
        guest.RunToCall();
        Assert.Equal(37ul, guest.X(10));
    }

    [Theory, MemberData(nameof(All))]
    public void Accesses_are_split_at_page_crossings_and_where_RAM_meets_a_hole(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"li t0 {RiscVGuest.Hole + 0xFFD}", "lw a0, 0(t0)", $"li t0 {RiscVGuest.Ram + RiscVGuest.RamSize - 2}", "sw a0, 0(t0)", $"sbi {RiscVGuest.Mine} 0");
        guest.ExpectRead(RiscVGuest.Hole + 0xFFD, 3, 0x332211);
        guest.ExpectRead(RiscVGuest.Hole + 0x1000, 1, 0x44);
        guest.ExpectWrite(RiscVGuest.Ram + RiscVGuest.RamSize, 2, 0x4433);
        guest.RunToCall();
        Assert.Equal((0x44332211ul, (ushort)0x2211), (guest.X(10), guest.Read<ushort>(RiscVGuest.Ram + RiscVGuest.RamSize - 2)));
    }

    [Theory, MemberData(nameof(All))]
    public void Immediate_exit_completes_the_access_and_leaves_the_reason(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"li t0 {RiscVGuest.Hole}", "lw a0, 0(t0)", $"sbi {RiscVGuest.Mine} 3");
        guest.ExpectRead(RiscVGuest.Hole, 4, 9);
        guest.Shared.ImmediateExit = 1;
        Assert.False(guest.Vcpu.Run());
        Assert.Equal((KvmExitReason.Mmio, 9ul), (guest.Exit, guest.X(10)));
        guest.Shared.ImmediateExit = 0;
        Assert.Equal(3ul, guest.RunToCall());
    }

    [Theory, MemberData(nameof(All))]
    public void A_call_is_answered_by_the_client_on_the_next_run(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load("addi a0, zero, 1", "addi a1, zero, 2", "addi a5, zero, 6", $"sbi {RiscVGuest.Mine} 9", "add a2, a0, a1", $"sbi {RiscVGuest.Mine} 10");
        Assert.Equal(9ul, guest.RunToCall());
        ref var sbi = ref guest.Shared.RiscVSbi;
        Assert.Equal((1ul, 2ul, 6ul), (sbi.Args[0], sbi.Args[1], sbi.Args[5]));
        Assert.Equal((ulong.MaxValue - 1, 0ul), (sbi.Ret[0], sbi.Ret[1]));
        var call = guest.Pc;
        sbi.Ret[0] = 100;
        sbi.Ret[1] = 20;
        Assert.Equal((1ul, call), (guest.X(10), guest.Pc));
        Assert.Equal(10ul, guest.RunToCall());
        Assert.Equal(120ul, guest.X(12));

        // A client that sets the pc elsewhere gives no answer.
        guest.Pc = call;
        Assert.Equal(10ul, guest.RunToCall());
        Assert.Equal(100ul, guest.X(10));
    }

    [Theory, MemberData(nameof(All))]
    public void Code_that_is_nowhere_is_an_internal_error(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load($"li t0 {RiscVGuest.Hole}", "jalr zero, 0(t0)");
        Assert.Equal(KvmExitReason.InternalError, guest.Run());
        Assert.Equal((KvmInternalError.Emulation, (ulong)RiscVGuest.Hole), (guest.Shared.Internal.Suberror, guest.Pc));
        guest.Load($"sbi {RiscVGuest.Mine} 1");
        Assert.Equal(1ul, guest.RunToCall());
    }

    [Theory, MemberData(nameof(All))]
    public void Traps_are_the_guests_own(string on)
    {
        using var guest = new RiscVGuest(on);

        // The handler reports the cause, skips the instruction (all have four bytes) and returns.
        guest.Put(RiscVGuest.Handler, "csrrs a0, scause, zero", "csrrs a1, stval, zero", $"sbi {RiscVGuest.Mine} 1", "csrrs t0, sepc, zero", "addi t0, t0, 4", "csrrw zero, sepc, t0", "sret");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);

        // A register of machine mode, MRET, and from user mode a register of supervisor mode and an ECALL.
        guest.Load("csrrs t1, mstatus, zero", "mret", $"li t0 {RiscVGuest.Data}", "csrrw zero, sepc, t0", "li t0 0x100", "csrrc zero, sstatus, t0", "sret");
        guest.Put(RiscVGuest.Data, "csrrs t1, sscratch, zero", "ecall", "ebreak", "end:", "jal zero, {end}");
        foreach (var (cause, user) in ((ulong, ulong)[])[(2, 0), (2, 0), (2, 1), (8, 1), (3, 1)])
        {
            Assert.Equal(1ul, guest.RunToCall());
            Assert.Equal((cause, user ^ 1), (guest.X(10), guest.Csr(KvmRiscV.Sstatus) >> 8 & 1));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_write_to_a_read_only_slot_is_an_exit_and_a_read_is_none(string on)
    {
        using var guest = new RiscVGuest(on);
        using var rom = new NativeBlock(0x1000);
        *(uint*)rom.Pointer = 0x1000;
        guest.Vm.SetUserMemoryRegion(1, RiscVGuest.Hole, rom.Pointer, 0x1000, KvmMemoryFlags.ReadOnly);
        guest.Load($"li t0 {RiscVGuest.Hole}", "lw a0, 0(t0)", "sw zero, 0(t0)", "addi t1, zero, 2", "amoor.w a1, t1, (t0)", $"sbi {RiscVGuest.Mine} 0");
        guest.ExpectWrite(RiscVGuest.Hole, 4, 0);
        Assert.Equal(0x1000ul, guest.X(10));
        guest.ExpectWrite(RiscVGuest.Hole, 4, 0x1002);
        guest.RunToCall();
        Assert.Equal(0x1000u, *(uint*)rom.Pointer);
    }

    [Theory, MemberData(nameof(All))]
    public void The_dirty_log_tells_pages_written_since_the_last_look(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Vm.SetUserMemoryRegion(0, RiscVGuest.Ram, guest.Memory.Pointer, RiscVGuest.RamSize, KvmMemoryFlags.LogDirtyPages);
        guest.Load($"li t0 {RiscVGuest.Ram + 0x4FFE}", "sw zero, 0(t0)", "lw a0, 16(t0)", $"sbi {RiscVGuest.Mine} 0", "sw zero, 64(t0)", $"sbi {RiscVGuest.Mine} 0");
        var bits = new byte[8];
        guest.Vm.GetDirtyLog(0, bits);
        guest.RunToCall();
        guest.Vm.GetDirtyLog(0, bits);
        Assert.Equal(0x30, bits[0]);
        guest.RunToCall();
        guest.Vm.GetDirtyLog(0, bits);
        Assert.Equal(0x20, bits[0]);
    }

    [Theory, MemberData(nameof(All))]
    public void A_guest_with_paging_has_its_own_addresses_and_faults(string on)
    {
        using var guest = new RiscVGuest(on);
        var wide = guest.Xlen == 64;

        // One large page maps RAM to itself, another shows it at 0x80000000; a table of small pages at 0xC0000000 has one page, read-only, at 0x2000 of it.
        const uint Root = RiscVGuest.Ram + 0x6000, Middle = RiscVGuest.Ram + 0x7000, Leaves = RiscVGuest.Ram + 0x8000;
        const uint Page = RiscVGuest.Data >> 2 | 0x03;
        if (wide)
        {
            guest.Write(Root + 8, (ulong)RiscVGuest.Ram >> 2 | 0xCF);
            guest.Write(Root + 16, (ulong)RiscVGuest.Ram >> 2 | 0xCF);
            guest.Write(Root + 24, (ulong)Middle >> 2 | 1);
            guest.Write(Middle, (ulong)Leaves >> 2 | 1);
            guest.Write(Leaves + 16, (ulong)Page);
        }
        else
        {
            guest.Write(Root + 4 * 0x100, RiscVGuest.Ram >> 2 | 0xCF);
            guest.Write(Root + 4 * 0x200, RiscVGuest.Ram >> 2 | 0xCF);
            guest.Write(Root + 4 * 0x300, Leaves >> 2 | 1);
            guest.Write(Leaves + 8, Page);
        }

        guest.Write(RiscVGuest.Data, 0x12345678u);
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.Put(RiscVGuest.Handler, "csrrs a2, scause, zero", "csrrs a3, stval, zero", $"sbi {RiscVGuest.Mine} 1");
        guest.SetCsr(KvmRiscV.Satp, (wide ? 8ul << 60 : 1ul << 31) | Root >> 12);
        guest.Load("addi t0, zero, 3", "slli t0, t0, 30", "lui t1, 2", "add t0, t0, t1", "lw a0, 0(t0)", "addi t2, zero, 1", "slli t2, t2, 31", "add t2, t2, t1", "lw a1, 0(t2)", "sw a0, 4(t2)", "sw a0, 4(t0)");
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal((0x12345678ul, 0x12345678ul, 15ul, 0xC000_2004ul), (guest.X(10), guest.X(11), guest.X(12), guest.X(13)));
        Assert.Equal(0x12345678u, guest.Read<uint>(RiscVGuest.Data + 4));

        // What was read has been accessed, and nothing was written.
        Assert.Equal(Page | 0x40, guest.Read<uint>(Leaves + (wide ? 16u : 8u)));
    }

    [Theory, MemberData(nameof(All))]
    public void A_raised_interrupt_wakes_and_is_taken_until_it_is_lowered(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Put(RiscVGuest.Handler, "csrrs a0, scause, zero", $"sbi {RiscVGuest.Mine} 1", "sret");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.SetCsr(KvmRiscV.Sie, 1 << 9);
        guest.SetCsr(KvmRiscV.Sstatus, 2);
        guest.Load("wfi", "addi a3, a3, 1", $"sbi {RiscVGuest.Mine} 2");
        var runner = new Background(() => Assert.Equal(1ul, guest.RunToCall()));
        Assert.False(runner.Ends(20));
        guest.Vcpu.Interrupt(KvmRiscV.InterruptSet);
        Assert.True(runner.Ends());
        Assert.Equal((9ul, 0ul, 0x200ul), (guest.X(10) & 0xFF, guest.X(13), guest.Csr(KvmRiscV.Sip)));
        Assert.True((guest.X(10) >> (guest.Xlen - 1)) == 1);
        Assert.Equal(1ul, guest.RunToCall());
        guest.Vcpu.Interrupt(KvmRiscV.InterruptUnset);
        Assert.Equal(2ul, guest.RunToCall());
        Assert.Equal((1ul, 0ul), (guest.X(13), guest.Csr(KvmRiscV.Sip)));
    }

    [Theory, MemberData(nameof(All))]
    public void An_interrupt_does_not_come_between_a_read_and_its_answer(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Put(RiscVGuest.Handler, $"sbi {RiscVGuest.Mine} 1");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.SetCsr(KvmRiscV.Sie, 1 << 9);
        guest.SetCsr(KvmRiscV.Sstatus, 2);
        guest.Load($"li t0 {RiscVGuest.Hole}", "lw a0, 0(t0)", "addi zero, zero, 0");
        guest.ExpectRead(RiscVGuest.Hole, 4, 77);
        guest.Vcpu.Interrupt(KvmRiscV.InterruptSet);
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal(77ul, guest.X(10));
    }

    [Theory, MemberData(nameof(All))]
    public void The_timer_the_guest_sets_interrupts_once(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Put(RiscVGuest.Handler, "csrrs a3, scause, zero", "csrrs a4, time, zero", $"sbi {RiscVGuest.Mine} 1");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.SetCsr(KvmRiscV.Sie, 1 << 5);
        guest.SetCsr(KvmRiscV.Sstatus, 2);

        // Half a millisecond from now; first waiting, then in a loop.
        foreach (var wait in (string[])["wfi", "addi a5, a5, 1"])
        {
            guest.Load("csrrs s0, time, zero", "li t0 5000", "add a0, s0, t0", "addi a1, zero, 0", "sbi 0x54494D45 0", "add s1, a0, a1", "loop:", wait, "jal zero, {loop}");
            guest.SetCsr(KvmRiscV.Sstatus, 2);
            Assert.Equal(1ul, guest.RunToCall());
            Assert.Equal((5ul, 0ul), (guest.X(13) & 0xFF, guest.X(9)));
            Assert.InRange(guest.X(14) - guest.X(8), 5000ul, 50_000_000ul);
            Assert.Equal((0x20ul, KvmRiscV.TimerOff), (guest.Csr(KvmRiscV.Sip), guest.Vcpu.GetOneReg(KvmRiscV.Timer64 | KvmRiscV.TimerState)));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_client_sets_the_timer_and_the_time(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.SetCsr(KvmRiscV.Sie, 1 << 5);
        guest.Vcpu.SetOneReg(KvmRiscV.Timer64 | KvmRiscV.TimerTime, 1_000_000_000);
        guest.Vcpu.SetOneReg(KvmRiscV.Timer64 | KvmRiscV.TimerCompare, 1_000_050_000);
        guest.Vcpu.SetOneReg(KvmRiscV.Timer64 | KvmRiscV.TimerState, KvmRiscV.TimerOn);
        guest.Load("csrrs a0, time, zero", "wfi", "csrrs a1, time, zero", $"sbi {RiscVGuest.Mine} 0");
        guest.RunToCall();
        Assert.InRange(guest.X(10), 1_000_000_000ul, guest.X(11));
        Assert.InRange(guest.X(11), 1_000_050_000ul, 1_500_000_000ul);
    }

    [Theory, MemberData(nameof(All))]
    public void A_waiting_vCPU_can_be_kicked(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load("wfi", $"sbi {RiscVGuest.Mine} 4");
        foreach (var immediate in (bool[])[false, true])
        {
            var ended = true;
            var runner = new Background(() => ended = guest.Vcpu.Run());
                Thread.Sleep(10);
            if (immediate)
                guest.Vcpu.ImmediateExit = true;
            else
                guest.Vcpu.Kick();
            Assert.True(runner.Ends());
            Assert.False(ended);
            Assert.Equal(KvmExitReason.Intr, guest.Exit);
            guest.Vcpu.ImmediateExit = false;
        }

        // An interrupt that is enabled wakes, though it is not taken.
        guest.SetCsr(KvmRiscV.Sie, 1 << 1);
        guest.SetCsr(KvmRiscV.Sip, 1 << 1);
        Assert.Equal(4ul, guest.RunToCall());
    }

    [Theory, MemberData(nameof(All))]
    public void Counters_are_open_to_the_guest(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load("csrrs a0, instret, zero", "addi zero, zero, 0", "addi zero, zero, 0", "csrrs a1, instret, zero", "sub a0, a1, a0", $"sbi {RiscVGuest.Mine} 0");
        guest.RunToCall();
        Assert.Equal(3ul, guest.X(10));
    }

    [Theory, MemberData(nameof(Wide))]
    public void An_address_beyond_the_physical_ones_is_the_guests_fault(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Put(RiscVGuest.Handler, "csrrs a0, scause, zero", $"sbi {RiscVGuest.Mine} 1");
        guest.SetCsr(KvmRiscV.Stvec, RiscVGuest.Handler);
        guest.Load("addi t0, zero, 1", "slli t0, t0, 52", "lw a1, 0(t0)");
        Assert.Equal(1ul, guest.RunToCall());
        Assert.Equal(5ul, guest.X(10));
        Errors.Fails(Errno.EINVAL, () => guest.Vm.SetUserMemoryRegion(1, 1ul << 52, guest.Memory.Pointer, 0x1000));
    }

    [Theory, MemberData(nameof(Wide))]
    public void Under_the_monitor_the_guest_runs_directly(string on)
    {
        using var guest = new RiscVGuest(on);
        guest.Load("li t0 1000", "loop:", "add a0, a0, t0", "addi t0, t0, -1", "bne t0, zero, {loop}", $"sbi {RiscVGuest.Mine} 0");
        guest.RunToCall();
        Assert.Equal(500_500ul, guest.X(10));
        var statistics = ((RiscVGeneratedVcpu<Emulator.RiscV.Rv64Isa, Emulator.RiscV.Rv64State>)guest.Vcpu.Backend).Statistics;
        Assert.Equal(on.EndsWith("trap", StringComparison.Ordinal), statistics != null);
        if (statistics == null)
            return;
        Assert.InRange(statistics.Direct, 3000, 3010);
        Assert.Equal(["ECALL"], statistics.ByForm(Emulator.RiscV.Rv64Metadata.Instance).Select(e => e.Form.Instruction));
        Assert.Equal(0, statistics.Violations);
    }
}
