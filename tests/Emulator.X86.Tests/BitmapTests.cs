using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Bitmaps of ports and MSRs, time-stamp offset, lists of MSRs (SDM vol. 3, 24.6, 26.4, 27.4, 27.6).</summary>
public sealed class BitmapTests
{
    private const uint Sysenter = 0x175;

    [Theory]
    // The bit set (port), the access: port, bytes; whether it exits.
    [InlineData(0x60, 0x60, 1, true)]
    [InlineData(0x61, 0x60, 1, false)]
    [InlineData(0x63, 0x60, 4, true)]
    [InlineData(0x64, 0x60, 4, false)]
    [InlineData(0x8000, 0x7FFE, 4, true)]
    [InlineData(0xFFFF, 0xFFFF, 1, true)]
    [InlineData(0x1234, 0xFFFF, 2, true)]
    public void Ports(int bit, int port, int bytes, bool exits)
    {
        using var m = new VmxMachine();
        m.Write((bit < 0x8000 ? VmxMachine.BitmapA : VmxMachine.BitmapB) + (uint)(bit >> 3 & 0xFFF), 1u << (bit & 7), 1);
        m.With(F.Proc, 1 << 25).Set(F.IoBitmapA, VmxMachine.BitmapA).Set(F.IoBitmapB, VmxMachine.BitmapB);
        m.Guest(a =>
        {
            a.mov(edx, port);
            switch (bytes)
            {
                case 1: a.@in(al, dx); break;
                case 2: a.@in(ax, dx); break;
                default: a.@in(eax, dx); break;
            }

            a.vmcall();
        });
        Assert.Equal(exits ? 30u : 18u, m.Run());
        if (exits)
            Assert.Equal((uint)port << 16 | 8 | (uint)bytes - 1, m[F.Qualification]);
    }

    [Theory]
    [InlineData(0x175u, 0u, true, false)]
    [InlineData(0x175u, 0u, false, true)]
    [InlineData(0xC000_0080u, 0x400u, true, false)]
    [InlineData(0xC000_0080u, 0x400u, false, true)]
    [InlineData(0x4000u, 0u, true, true)]
    public void Registers(uint number, uint half, bool write, bool exits)
    {
        using var m = new VmxMachine();
        // The bit for reads only.
        m.Write(VmxMachine.MsrBitmaps + half + ((number & 0x1FFF) >> 3), 1u << (int)(number & 7), 1);
        m.With(F.Proc, 1 << 28).Set(F.MsrBitmaps, VmxMachine.MsrBitmaps);
        m.Guest(a =>
        {
            a.mov(ecx, number);
            a.xor(eax, eax);
            a.xor(edx, edx);
            if (write)
                a.wrmsr();
            else
                a.rdmsr();
            a.vmcall();
        });
        Assert.Equal(!exits ? 18u : write ? 32u : 31u, m.Run());
    }

    [Fact]
    public void The_guest_reads_a_time_of_its_own()
    {
        using var m = new VmxMachine();
        m.Guest(a => { a.rdtsc(); a.mov(ebx, eax); a.vmcall(); }).With(F.Proc, 1 << 3).Set(F.TscOffset, 0x1000).Set(F.TscOffset + 1, 5);
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x1000u, m.Cpu.Get("ebx"));
        Assert.Equal(5u, m.Cpu.Get("edx"));
        m.Execute(a => a.rdtsc());
        Assert.Equal(0u, m.Cpu.Get("edx"));
    }

    [Fact]
    public void Lists_of_MSRs_are_loaded_and_stored()
    {
        using var m = new VmxMachine();
        Entry(m, 0, Sysenter, 0x1111);
        Entry(m, 1, Sysenter, 0);
        Entry(m, 2, Sysenter, 0x3333);
        m.Set(F.EntryLoadCount, 1).Set(F.EntryLoadList, VmxMachine.Lists);
        m.Set(F.ExitStoreCount, 1).Set(F.ExitStoreList, VmxMachine.Lists + 16);
        m.Set(F.ExitLoadCount, 1).Set(F.ExitLoadList, VmxMachine.Lists + 32);
        m.Guest(a => a.vmcall());
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x1111u, m.Read(VmxMachine.Lists + 24, 8));
        Assert.Equal(0x3333u, m.Cpu.Get("sysenter_esp"));
    }

    [Theory]
    [InlineData(0x4000u, 0ul)]
    [InlineData(0x802u, 0ul)]
    [InlineData(0x277u, 2ul)]
    [InlineData(0x480u, 0ul)]
    public void An_entry_that_cannot_be_loaded_fails_VM_entry(uint number, ulong value)
    {
        using var m = new VmxMachine();
        Entry(m, 0, Sysenter, 0);
        Entry(m, 1, number, value);
        m.Set(F.EntryLoadCount, 2).Set(F.EntryLoadList, VmxMachine.Lists);
        m.Guest(a => a.vmcall());
        Assert.Equal(0u, m.Enter());
        Assert.False(m.InGuest);
        Assert.Equal(0x8000_0022u, m[F.Reason]);
        Assert.Equal(2u, m[F.Qualification]);
    }

    [Theory]
    [InlineData(false, 1u)]
    [InlineData(true, 4u)]
    public void One_that_an_exit_cannot_handle_aborts(bool load, uint indicator)
    {
        using var m = new VmxMachine();
        Entry(m, 0, 0x4000, 0);
        m.Set(load ? F.ExitLoadCount : F.ExitStoreCount, 1).Set(load ? F.ExitLoadList : F.ExitStoreList, VmxMachine.Lists);
        m.Guest(a => a.vmcall());
        Assert.Equal(0u, m.Enter());
        m.Cpu.Step();
        Assert.Equal(1u, m.Cpu.Get("shutdown"));
        Assert.Equal(indicator, m.Read(VmxMachine.Vmcs + 4, 4));
    }

    [Fact]
    public void Host_pointers_that_cannot_be_loaded_abort()
    {
        using var m = new VmxMachine();
        m.Set(F.HostCr4, 0x2030).Set(F.HostCr3, VmxMachine.Lists);
        m.Write(VmxMachine.Lists, 0x1E7, 8);
        m.Guest(a => a.vmcall());
        Assert.Equal(0u, m.Enter());
        m.Cpu.Step();
        Assert.Equal(1u, m.Cpu.Get("shutdown"));
        Assert.Equal(2u, m.Read(VmxMachine.Vmcs + 4, 4));
    }

    private static void Entry(VmxMachine m, uint index, uint number, ulong value)
    {
        m.Write(VmxMachine.Lists + index * 16, number, 8);
        m.Write(VmxMachine.Lists + index * 16 + 8, value, 8);
    }
}
