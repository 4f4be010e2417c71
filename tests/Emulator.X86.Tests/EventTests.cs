using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Exceptions, interrupts, NMIs and their windows; events in the middle of their delivery (SDM vol. 3, 25.2, 27.2).</summary>
public sealed class EventTests
{
    private const uint Valid = 1u << 31, Hardware = 3 << 8, Coded = 1 << 11;
    private const uint HandlerOf6 = VmxMachine.Handlers + 6 * 16;

    [Fact]
    public void An_exception_exits_where_the_bitmap_says_so()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.Exceptions, 1 << 6);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | Hardware | 6, m[F.Event]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
        Assert.Equal(0x1_0002u, m[F.Eflags]);
    }

    [Fact]
    public void An_exception_goes_to_the_guest_where_it_does_not()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2());
        m.Put(HandlerOf6, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(HandlerOf6, m[F.Eip]);
        Assert.Equal(VmxMachine.GuestCode, m.Read(VmxMachine.GuestStack - 12, 4));
    }

    [Fact]
    public void An_error_code_is_told()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(eax, 0x48); a.mov(ds, eax); }).Set(F.Exceptions, 1 << 13);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | Coded | Hardware | 13, m[F.Event]);
        Assert.Equal(0x48u, m[F.Error]);
    }

    [Theory]
    // Mask and match (25.2): a write to an absent page has error code 2.
    [InlineData(1 << 14, 0, 0, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(1 << 14, 2, 2, true)]
    [InlineData(1 << 14, 2, 0, false)]
    [InlineData(0, 2, 0, true)]
    public void Page_faults_exit_by_error_code(uint bitmap, uint mask, uint match, bool exits)
    {
        using var m = new VmxMachine();
        m.Guest(a => a.mov(__byte_ptr[0x0123_4567], 1)).Set(F.Exceptions, bitmap).Set(F.PageFaultMask, mask).Set(F.PageFaultMatch, match);
        m.Put(VmxMachine.Handlers + 14 * 16, a => a.vmcall());
        m.Cpu.Set("cr2", 0x55);
        Assert.Equal(exits ? 0u : 18u, m.Run());
        if (!exits)
        {
            Assert.Equal(0x0123_4567u, m.Cpu.Get("cr2"));
            return;
        }

        Assert.Equal(Valid | Coded | Hardware | 14, m[F.Event]);
        Assert.Equal(2u, m[F.Error]);
        Assert.Equal(0x0123_4567u, m[F.Qualification]);
        Assert.Equal(0x55u, m.Cpu.Get("cr2"));
    }

    [Fact]
    public void Breakpoints_are_software_exceptions()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.int3()).Set(F.Exceptions, 1 << 3);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | 6 << 8 | 3, m[F.Event]);
        Assert.Equal(1u, m[F.Length]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
    }

    [Fact]
    public void INT1_is_a_privileged_software_exception()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.db(0xF1)).Set(F.Exceptions, 1 << 1);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | 5 << 8 | 1, m[F.Event]);
        Assert.Equal(1u, m[F.Length]);
    }

    [Fact]
    public void INT_n_never_exits_by_itself()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.@int(6)).Set(F.Exceptions, 1 << 6);
        m.Put(HandlerOf6, a => a.vmcall());
        Assert.Equal(18u, m.Run());
    }

    [Fact]
    public void A_single_step_tells_of_itself_and_leaves_DR6_alone()
    {
        using var m = new VmxMachine();
        ulong before = m.Cpu.Get("dr6");
        m.Guest(a => { a.nop(); a.nop(); }).Set(F.Exceptions, 1 << 1).Set(F.Eflags, 0x102);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | Hardware | 1, m[F.Event]);
        Assert.Equal(0x4000u, m[F.Qualification]);
        Assert.Equal(VmxMachine.GuestCode + 1, m[F.Eip]);
        Assert.Equal(before, m.Cpu.Get("dr6"));
    }

    [Fact]
    public void A_fault_in_a_delivery_tells_of_the_event()
    {
        using var m = new VmxMachine();
        // The handler's gate is beyond the table.
        m.Guest(a => a.ud2()).Set(F.Exceptions, 1 << 13).Set(F.IdtrLimit, 0x2F);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | Coded | Hardware | 13, m[F.Event]);
        Assert.Equal(6 * 8 + 3u, m[F.Error]);
        Assert.Equal(Valid | Hardware | 6, m[F.Vectoring]);
    }

    [Fact]
    public void A_fault_in_the_delivery_of_INT_n_tells_of_it()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.@int(0x40)).Set(F.Exceptions, 1 << 13);
        Assert.Equal(0u, m.Run());
        Assert.Equal(0x40 * 8 + 2u, m[F.Error]);
        Assert.Equal(Valid | 4 << 8 | 0x40, m[F.Vectoring]);
        Assert.Equal(2u, m[F.Length]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
    }

    [Fact]
    public void A_double_fault_exits_on_its_own_account()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(eax, 0x48); a.mov(ds, eax); }).Set(F.Exceptions, 1 << 8).Set(F.IdtrLimit, 0x4F);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | Coded | Hardware | 8, m[F.Event]);
        Assert.Equal(0u, m[F.Vectoring]);
    }

    [Fact]
    public void A_triple_fault_exits()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.IdtrLimit, 0);
        Assert.Equal(2u, m.Run());
        Assert.Equal(0u, m[F.Vectoring]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
        Assert.Equal(0u, m.Cpu.Get("shutdown"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void External_interrupts_exit_whatever_IF_says(bool acknowledge)
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.nop(); a.nop(); a.nop(); }).With(F.Pin, 1).With(F.ExitControls, acknowledge ? 1u << 15 : 0);
        Assert.Equal(0u, m.Enter());
        m.Cpu.Step();
        m.Cpu.Set("intr", 1);
        m.Cpu.StateChanged();
        Assert.Equal(1u, Exit(m));
        m.Cpu.Set("intr", 0);
        // The controller of the test answers 7.
        Assert.Equal(acknowledge ? Valid | 7 : 0u, m[F.Event]);
        Assert.Equal(VmxMachine.GuestCode + 1, m[F.Eip]);
    }

    [Fact]
    public void External_interrupts_go_to_the_guest_where_they_do_not_exit()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.sti(); a.nop(); a.nop(); });
        m.Put(VmxMachine.Handlers + 7 * 16, a => a.vmcall());
        Assert.Equal(0u, m.Enter());
        m.Cpu.Set("intr", 1);
        m.Cpu.StateChanged();
        Assert.Equal(18u, Exit(m));
        m.Cpu.Set("intr", 0);
        Assert.Equal(VmxMachine.Handlers + 7 * 16, m[F.Eip]);
        // Not before the instruction after STI.
        Assert.Equal(VmxMachine.GuestCode + 2, m.Read(VmxMachine.GuestStack - 12, 4));
    }

    [Fact]
    public void An_interrupt_window_opens_after_the_shadow_of_STI()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.nop(); a.sti(); a.nop(); a.nop(); }).With(F.Proc, 1 << 2);
        Assert.Equal(7u, m.Run());
        Assert.Equal(VmxMachine.GuestCode + 3, m[F.Eip]);
        Assert.Equal(0u, m[F.Event]);
    }

    [Fact]
    public void NMIs_exit_and_are_blocked_then()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.nop(); a.nop(); }).With(F.Pin, 8);
        Assert.Equal(0u, m.Enter());
        m.Cpu.Set("nmi_pending", 1);
        m.Cpu.StateChanged();
        Assert.Equal(0u, Exit(m));
        Assert.Equal(Valid | 2 << 8 | 2, m[F.Event]);
        Assert.Equal(0u, m[F.Interruptibility]);
        Assert.Equal(1u, m.Cpu.Get("nmi_blocked"));
    }

    [Fact]
    public void An_NMI_window_opens_when_IRET_ends_the_blocking_of_virtual_NMIs()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.pushfd(); a.push(8); a.push(VmxMachine.Data); a.iretd(); });
        m.Put(VmxMachine.Data, a => { a.nop(); a.nop(); });
        m.With(F.Pin, 0x28).With(F.Proc, 1 << 22).Set(F.Interruptibility, 8);
        Assert.Equal(8u, m.Run());
        Assert.Equal(VmxMachine.Data, m[F.Eip]);
        Assert.Equal(0u, m[F.Interruptibility]);
    }

    [Fact]
    public void A_fault_of_IRET_tells_that_it_ended_the_blocking_of_NMIs()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(esp, 0x0123_0000); a.iretd(); }).Set(F.Interruptibility, 8).Set(F.Exceptions, 1 << 14);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | 0x1000 | Coded | Hardware | 14, m[F.Event]);
        Assert.Equal(0u, m[F.Interruptibility]);
    }

    [Fact]
    public void Shadows_are_saved()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.sti(); a.vmcall(); });
        m.Run();
        Assert.Equal(1u, m[F.Interruptibility]);
        m.Set(F.Eip, VmxMachine.GuestCode + 4).Set(F.Interruptibility, 0);
        m.Put(VmxMachine.GuestCode + 4, a => { a.mov(eax, 16); a.mov(ss, eax); a.vmcall(); });
        Assert.Equal(18u, m.Run());
        Assert.Equal(2u, m[F.Interruptibility]);
    }

    [Fact]
    public void A_halted_guest_is_saved_as_such_and_halts_again()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.hlt(); a.nop(); }).With(F.Pin, 1);
        Assert.Equal(0u, m.Enter());
        Assert.Equal(StepKind.Halted, m.Cpu.Run(10).Kind);
        m.Cpu.Set("intr", 1);
        m.Cpu.StateChanged();
        Assert.Equal(1u, Exit(m));
        m.Cpu.Set("intr", 0);
        m.Cpu.StateChanged();
        Assert.Equal(1u, m[F.Activity]);
        Assert.Equal(VmxMachine.GuestCode + 1, m[F.Eip]);
        Assert.Equal(0u, m.Enter());
        Assert.Equal(StepKind.Halted, m.Cpu.Run(10).Kind);
        Assert.True(m.InGuest);
    }

    [Theory]
    [InlineData("jmp", 2u << 30 | 0x38, 7u)]
    [InlineData("call", 0u << 30 | 0x38, 7u)]
    [InlineData("iret", 1u << 30 | 0x18, 1u)]
    [InlineData("int", 3u << 30 | 0x38, 2u)]
    [InlineData("exception", 3u << 30 | 0x38, 0u)]
    public void Task_switches_exit(string how, uint qualification, uint length)
    {
        using var m = new VmxMachine();
        // The busy TSS of the guest's own is linked to itself.
        m.Write(VmxMachine.Tss, 0x18, 2);
        m.Write(VmxMachine.GuestIdt + 6 * 8, 0x0000_8500_0038_0000, 8);
        uint start = 0;
        m.Guest(a =>
        {
            switch (how)
            {
                case "jmp": a.db(0xEA, 0, 0, 0, 0, 0x38, 0); break;
                case "call": a.db(0x9A, 0, 0, 0, 0, 0x38, 0); break;
                case "iret": a.pushfd(); a.or(__dword_ptr[esp], 0x4000); a.popfd(); start = 9; a.iretd(); break;
                case "int": a.@int(6); break;
                default: a.ud2(); break;
            }
        });
        Assert.Equal(9u, m.Run());
        Assert.Equal(qualification, m[F.Qualification]);
        Assert.Equal(VmxMachine.GuestCode + start, m[F.Eip]);
        if (length != 0)
            Assert.Equal(length, m[F.Length]);
        Assert.Equal(how switch { "int" => Valid | 4 << 8 | 6, "exception" => Valid | Hardware | 6, _ => 0 }, m[F.Vectoring]);
    }

    private static uint Exit(VmxMachine m)
    {
        for (int i = 0; i < 20 && m.InGuest; i++)
            m.Cpu.Step();
        Assert.False(m.InGuest);
        m.Cpu.Set("intr", 0);
        m.Cpu.StateChanged();
        return m[F.Reason];
    }
}
