using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Events that VM entry injects (SDM vol. 3, 26.6).</summary>
public sealed class InjectionTests
{
    private const uint Valid = 1u << 31;

    [Theory]
    [InlineData(0x1Eu, 0u, 0u)]
    [InlineData(2 << 8 | 2u, 0u, 0u)]
    [InlineData(3 << 8 | 6u, 0u, 0u)]
    [InlineData(4 << 8 | 0x1Fu, 2u, 2u)]
    [InlineData(5 << 8 | 1u, 1u, 1u)]
    [InlineData(6 << 8 | 3u, 1u, 1u)]
    public void An_event_is_delivered_before_the_first_instruction(uint what, uint length, uint behind)
    {
        using var m = new VmxMachine();
        uint vector = what & 0xFF;
        m.Guest(a => a.ud2()).Set(F.EntryEvent, Valid | what).Set(F.EntryLength, length).Set(F.Eflags, 0x202).Set(F.Exceptions, uint.MaxValue);
        m.Put(VmxMachine.Handlers + vector * 16, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(VmxMachine.Handlers + vector * 16, m[F.Eip]);
        Assert.Equal(VmxMachine.GuestCode + behind, m.Read(VmxMachine.GuestStack - 12, 4));
        Assert.Equal(0x202u, m.Read(VmxMachine.GuestStack - 4, 4));
        Assert.Equal(what, m[F.EntryEvent]);
        Assert.Equal((what >> 8) == 2 ? 8u : 0u, m[F.Interruptibility]);
    }

    [Fact]
    public void An_error_code_is_pushed()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.EntryEvent, Valid | 1 << 11 | 3 << 8 | 13).Set(F.EntryError, 0x1234);
        m.Put(VmxMachine.Handlers + 13 * 16, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x1234u, m.Read(VmxMachine.GuestStack - 16, 4));
    }

    [Fact]
    public void A_fault_on_the_way_exits_with_the_event()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.EntryEvent, Valid | 6 << 8 | 3).Set(F.EntryLength, 1).Set(F.IdtrLimit, 0x17).Set(F.Exceptions, 1 << 13);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | 1 << 11 | 3 << 8 | 13, m[F.Event]);
        Assert.Equal(Valid | 6 << 8 | 3, m[F.Vectoring]);
        Assert.Equal(1u, m[F.Length]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
        Assert.Equal(0u, m[F.EntryEvent] >> 31);
    }

    [Fact]
    public void A_fault_on_the_way_that_does_not_exit_is_the_guests()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.EntryEvent, Valid | 4 << 8 | 0x30).Set(F.EntryLength, 2);
        m.Put(VmxMachine.Handlers + 13 * 16, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x30u * 8 + 2, m.Read(VmxMachine.GuestStack - 16, 4));
        Assert.Equal(VmxMachine.GuestCode, m.Read(VmxMachine.GuestStack - 12, 4));
    }

    [Fact]
    public void An_event_wakes_a_guest_that_halts()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.EntryEvent, Valid | 0x1E).Set(F.Eflags, 0x202).Set(F.Activity, 1);
        m.Put(VmxMachine.Handlers + 0x1E * 16, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(0u, m[F.Activity]);
    }

    [Fact]
    public void A_virtual_NMI_blocks_virtual_NMIs()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).With(F.Pin, 0x28).Set(F.EntryEvent, Valid | 2 << 8 | 2);
        m.Put(VmxMachine.Handlers + 2 * 16, a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(8u, m[F.Interruptibility]);
        Assert.Equal(0u, m.Cpu.Get("nmi_blocked"));
    }

    [Theory]
    [InlineData(0x4000u)]
    [InlineData(0x1001u)]
    public void Pending_debug_exceptions_come_first(uint pending)
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).Set(F.PendingDebug, pending).Set(F.Exceptions, 1 << 1);
        Assert.Equal(0u, m.Run());
        Assert.Equal(Valid | 3 << 8 | 1, m[F.Event]);
        Assert.Equal(pending & 0x400F, m[F.Qualification]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Eip]);
    }

    [Fact]
    public void Nothing_but_an_NMI_gets_a_guest_out_of_shutdown()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.ud2()).With(F.Pin, 9).With(F.Proc, 1 << 2).Set(F.Eflags, 0x202).Set(F.Activity, 2);
        Assert.Equal(0u, m.Enter());
        m.Cpu.Set("intr", 1);
        m.Cpu.StateChanged();
        Assert.Equal(StepKind.Halted, m.Cpu.Run(100).Kind);
        Assert.True(m.InGuest);
        m.Cpu.Set("nmi_pending", 1);
        m.Cpu.StateChanged();
        m.Cpu.Run(1);
        Assert.False(m.InGuest);
        m.Cpu.Set("intr", 0);
        Assert.Equal(2u, m[F.Activity]);
        Assert.Equal(Valid | 2 << 8 | 2, m[F.Event]);
    }
}
