using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Guest/host masks, read shadows and CR3-target values (SDM vol. 3, 25.1.3 and 25.3).</summary>
public sealed class ControlRegisterTests
{
    [Fact]
    public void Reads_show_the_shadow_where_the_mask_says_so()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(ebx, cr0); a.smsw(esi); a.mov(edi, cr4); a.vmcall(); });
        m.Set(F.Cr0Mask, 0x8000_0021).Set(F.Cr0Shadow, 0xC).Set(F.Cr4Mask, 0x2080).Set(F.Cr4Shadow, 0x80);
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x10u, m.Cpu.Get("ebx"));
        Assert.Equal(0x10u, m.Cpu.Get("esi"));
        Assert.Equal(0x90u, m.Cpu.Get("edi"));
    }

    [Fact]
    public void A_write_that_agrees_with_the_shadow_leaves_the_monitors_bits_alone()
    {
        using var m = new VmxMachine();
        // The monitor owns all but TS; the guest believes that protection and paging are on, NE is off.
        m.Guest(a => { a.mov(eax, 0x8000_0019); a.mov(cr0, eax); a.vmcall(); }).Set(F.Cr0Mask, 0xFFFF_FFF7).Set(F.Cr0Shadow, 0x8000_0011);
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x8000_0039u, m[F.GuestCr0]);
    }

    [Theory]
    [InlineData(1u, 28u)]
    [InlineData(2u, 18u)]
    public void CR3_may_have_a_target_value(uint targets, uint reason)
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(eax, VmxMachine.Directory); a.mov(cr3, eax); a.vmcall(); }).With(F.Proc, 1 << 15);
        m.Set(F.Cr3Targets, targets).Set(F.Cr3Target, 0x4567_8000).Set(F.Cr3Target + 2, VmxMachine.Directory);
        Assert.Equal(reason, m.Run());
    }

    [Theory]
    [InlineData(8u, 0u, 18u, 0x8000_0039u)]
    [InlineData(0u, 0u, 18u, 0x8000_0031u)]
    [InlineData(8u, 8u, 28u, 0x8000_0039u)]
    public void CLTS(uint mask, uint shadow, uint reason, uint after)
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.clts(); a.vmcall(); }).Set(F.GuestCr0, 0x8000_0039).Set(F.Cr0Mask, mask).Set(F.Cr0Shadow, shadow);
        Assert.Equal(reason, m.Run());
        Assert.Equal(after, m[F.GuestCr0]);
    }

    [Theory]
    // LMSW cannot clear PE, so that it only exits where it would set it in the guest's eyes.
    [InlineData(0u, 1u, 18u)]
    [InlineData(1u, 0u, 28u)]
    [InlineData(1u, 1u, 18u)]
    public void LMSW_and_PE(uint source, uint shadow, uint reason)
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(eax, source); a.lmsw(ax); a.vmcall(); }).Set(F.Cr0Mask, 1).Set(F.Cr0Shadow, shadow);
        Assert.Equal(reason, m.Run());
    }

    [Fact]
    public void LMSW_from_memory_tells_its_address()
    {
        using var m = new VmxMachine();
        m.Write(VmxMachine.Data, 8, 2);
        m.Guest(a => a.lmsw(__word_ptr[VmxMachine.Data])).Set(F.Cr0Mask, 8);
        Assert.Equal(28u, m.Run());
        Assert.Equal(8u << 16 | 0x40 | 3 << 4, m[F.Qualification]);
        Assert.Equal(VmxMachine.Data, m[F.Linear]);
    }

    [Fact]
    public void A_guest_keeps_the_fixed_bits_set()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.mov(eax, 0x11); a.mov(cr0, eax); }).Set(F.Exceptions, 1 << 13);
        Assert.Equal(0u, m.Run());
    }

    [Fact]
    public void An_unrestricted_guest_leaves_protected_mode()
    {
        using var m = new VmxMachine();
        EntryCheckTests.Unrestricted(m);
        m.Guest(a => { a.mov(eax, 0x30); a.mov(cr0, eax); a.vmcall(); });
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x30u, m[F.GuestCr0]);
        Assert.Equal(0u, m.Cpu.Get("cpl"));
        Assert.Equal(18u, m.Set(F.Eip, VmxMachine.GuestCode + 8).Run());
        Assert.Equal(0x8000_0031u, m.Cpu.Get("cr0"));
    }
}
