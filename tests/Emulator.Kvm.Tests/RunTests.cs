namespace Emulator.Kvm.Tests;

/// <summary>What ends a run, and what every exit tells.</summary>
public sealed class RunTests
{
    public static TheoryData<string> Own => Implementations.Own;

    public static TheoryData<string> All => Implementations.All;

    [Theory, MemberData(nameof(All))]
    public void Hlt_exits_with_RIP_past_and_running_again_goes_on(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "hlt", "mov al, 3", "hlt");
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(Guest.Code + 1, guest.Regs.Rip);
        Assert.Equal(KvmMpState.Runnable, guest.Vcpu.GetMpState());
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(3u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void A_triple_fault_is_a_shutdown(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "ud2");
        var sregs = guest.Vcpu.GetSregs();
        sregs.Idt.Limit = 0;
        guest.Vcpu.SetSregs(sregs);
        Assert.Equal(KvmExitReason.Shutdown, guest.Run());
    }

    [Theory, MemberData(nameof(All))]
    public void Immediate_exit_returns_EINTR_and_leaves_the_exit_reason(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "hlt", "hlt");
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        guest.Shared.ImmediateExit = 1;
        Assert.False(guest.Vcpu.Run());
        Assert.Equal(KvmExitReason.Hlt, guest.Exit);
        Assert.Equal(Guest.Code + 1, guest.Regs.Rip);
        unsafe
        {
            Assert.Equal(-(int)Errno.EINTR, guest.Vcpu.Ioctl(KvmRequest.Run, null));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void A_signal_returns_EINTR_with_its_exit_reason(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "jmp 0x1000");
        var kicker = new Thread(() =>
        {
            Thread.Sleep(20);
            guest.Vcpu.Kick();
        });
        kicker.Start();
        Assert.False(guest.Vcpu.Run());
        Assert.Equal(KvmExitReason.Intr, guest.Exit);
        Assert.Equal(Guest.Code, guest.Regs.Rip);
        kicker.Join();
    }

    [Theory, MemberData(nameof(All))]
    public void Every_exit_tells_IF_cr8_apic_base_and_whether_an_interrupt_can_be_taken(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "out 0x10, al", "sti", "out 0x11, al", "out 0x12, al", "cli", "out 0x13, al", "hlt");
        foreach (var (port, flag, ready) in (ReadOnlySpan<(ushort, byte, byte)>)[(0x10, 0, 0), (0x11, 1, 1), (0x12, 1, 1), (0x13, 0, 0)])
        {
            Assert.Equal(KvmExitReason.Io, guest.Run());
            Assert.Equal(port, guest.Shared.Io.Port);
            Assert.Equal((flag, 0xFEE00900ul, 0ul), (guest.Shared.IfFlag, guest.Shared.ApicBase, guest.Shared.Cr8));

            // OUT is past, and with it the instruction STI holds interrupts back for; the kernel may report the exit before it is.
            if (port != 0x11 || on != Implementations.Kernel)
                Assert.Equal(ready, guest.Shared.ReadyForInterruptInjection);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_shadow_of_STI_holds_at_the_exit_of_the_next_instruction_that_is_not_through(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "sti", "in al, 0x10", "in al, 0x11", "hlt");
        guest.Run();
        Assert.Equal((1, 0), (guest.Shared.IfFlag, guest.Shared.ReadyForInterruptInjection));
        guest.Run();
        Assert.Equal((0x11, 1), (guest.Shared.Io.Port, guest.Shared.IfFlag));
        Assert.Equal(1, guest.Shared.ReadyForInterruptInjection);
    }

    [Theory, MemberData(nameof(All))]
    public void A_requested_window_exits_once_it_opens(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "mov al, 1", "mov bl, 1", "sti", "mov al, 2", "mov bl, 2", "hlt");
        guest.Shared.RequestInterruptWindow = 1;
        guest.Run();
        Assert.Equal((1, 1), (guest.Shared.IfFlag, guest.Shared.ReadyForInterruptInjection));
        if (IsServedByHlt(on, guest))
            return;
        Assert.Equal(KvmExitReason.IrqWindowOpen, guest.Exit);
        Assert.Equal((2u, 1u), (guest.Regs.Rax, guest.Regs.Rbx));
        guest.Shared.RequestInterruptWindow = 0;
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal((2u, 2u), (guest.Regs.Rax, guest.Regs.Rbx));
    }

    [Theory, MemberData(nameof(All))]
    public void A_window_that_is_open_exits_at_once(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "sti", "nop", "out 0x10, al", "mov al, 9", "hlt");
        guest.Run();
        guest.Shared.RequestInterruptWindow = 1;
        guest.Run();
        Assert.Equal((1, 1), (guest.Shared.IfFlag, guest.Shared.ReadyForInterruptInjection));
        if (IsServedByHlt(on, guest))
            return;
        Assert.Equal(KvmExitReason.IrqWindowOpen, guest.Exit);
        Assert.NotEqual(9u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void An_interrupt_is_delivered_before_the_first_instruction(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "sti", "nop", "out 0x10, al", "mov bl, 1", "hlt");
        guest.Write(0x3000, Guest.Assemble(16, 0x3000, "out 0x20, al", "iret"));
        guest.Write(4 * 0x42, [0x00, 0x30, 0, 0]);
        guest.Run();
        guest.Vcpu.Interrupt(0x42);
        Assert.Equal(1ul << 2, Bitmap(guest.Vcpu.GetSregs(), 1));
        Assert.Equal(KvmExitReason.Io, guest.Run());
        Assert.Equal((0x20, 0, 0), (guest.Shared.Io.Port, guest.Shared.IfFlag, guest.Shared.ReadyForInterruptInjection));
        Assert.Equal(0u, guest.Regs.Rbx);
        Assert.Equal(0ul, Bitmap(guest.Vcpu.GetSregs(), 1));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(1u, guest.Regs.Rbx);
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.Interrupt(256));
    }

    [Theory, MemberData(nameof(All))]
    public void An_interrupt_queued_during_an_in_comes_after_it(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "sti", "nop", "in al, 0x10", "hlt");
        guest.Write(0x3000, Guest.Assemble(16, 0x3000, "out 0x20, al", "iret"));
        guest.Write(4 * 0x42, [0x00, 0x30, 0, 0]);
        guest.Run();
        guest.PortData[0] = 0x5A;
        guest.Vcpu.Interrupt(0x42);
        Assert.Equal(KvmExitReason.Io, guest.Run());
        Assert.Equal((0x20, 0x5A), (guest.Shared.Io.Port, guest.PortData[0]));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Theory, MemberData(nameof(All))]
    public void An_NMI_is_delivered(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "mov bl, 1", "hlt");
        guest.Write(0x3000, Guest.Assemble(16, 0x3000, "out 0x20, al", "iret"));
        guest.Write(4 * 2, [0x00, 0x30, 0, 0]);
        guest.Vcpu.Nmi();
        Assert.Equal(KvmExitReason.Io, guest.Run());
        Assert.Equal((0x20, 0ul), (guest.Shared.Io.Port, guest.Regs.Rbx));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Theory, MemberData(nameof(Own))]
    public void An_event_whose_tables_are_nowhere_is_an_internal_error_and_has_not_happened(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "ud2");
        var sregs = guest.Vcpu.GetSregs();
        sregs.Idt = new KvmDtable { Base = Guest.Hole, Limit = 0xFFF };
        guest.Vcpu.SetSregs(sregs);
        var before = guest.Regs;
        Assert.Equal(KvmExitReason.InternalError, guest.Run());
        Assert.Equal(KvmInternalError.DeliveryEvent, guest.Shared.Internal.Suberror);
        Assert.Equal(before, guest.Regs);
    }

    [Theory, MemberData(nameof(Own))]
    public void A_signal_before_the_run_waits_for_it_unless_it_is_blocked(string on)
    {
        using var guest = new Guest(on);
        var vcpu = (KvmVcpu)guest.Vcpu;
        guest.Load(16, "hlt", "hlt", "hlt");
        vcpu.Kick(10);
        Assert.False(vcpu.Run());
        Assert.Equal(KvmExitReason.Intr, guest.Exit);
        vcpu.SetSignalMask(1ul << 9);
        vcpu.Kick(10);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        vcpu.SetSignalMask(null);
        Assert.False(vcpu.Run());
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Fact]
    public void Under_the_monitor_the_guest_runs_directly_and_its_privileged_instructions_exit()
    {
        using var guest = new Guest(Implementations.Trap);
        guest.Load(32, "mov ecx, 1000", "add eax, ecx", "dec ecx", "jne short 0x1005", "out 0x10, al", "hlt");
        Assert.Equal(KvmExitReason.Io, guest.Run());
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(500_500u, guest.Regs.Rax);
        var statistics = ((X86GeneratedVcpu)((KvmVcpu)guest.Vcpu).Backend).Statistics!;
        Assert.InRange(statistics.Direct, 3000, 3010);
        Assert.Equal(["HLT", "OUT"], statistics.ByForm(X86.X86Metadata.Instance).Select(e => e.Form.Instruction).Order());
    }

    /// <summary>A kernel without hardware virtualization (which emulates real mode) looks at the request at exits only; its client is served by the ready flag of the next exit.</summary>
    private static bool IsServedByHlt(string on, Guest guest) => on == Implementations.Kernel && guest.Exit == KvmExitReason.Hlt;

    private static unsafe ulong Bitmap(KvmSregs sregs, int word) => sregs.InterruptBitmap[word];
}
