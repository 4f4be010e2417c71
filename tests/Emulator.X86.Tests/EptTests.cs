using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>Extended page tables (SDM vol. 3, 28.2).</summary>
public sealed class EptTests
{
    private const uint Page = 0x40_000, Accessed = 0x100, Dirty = 0x200, Data = 0x180, Table = 0x80;

    [Theory]
    // Rights of the page, access (0 read, 1 write, 2 execution), whether it passes; qualification: access, rights, where.
    [InlineData(7, 0, true)]
    [InlineData(7, 1, true)]
    [InlineData(7, 2, true)]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(3, 1, true)]
    [InlineData(3, 2, false)]
    [InlineData(5, 1, false)]
    [InlineData(4, 2, true)]
    [InlineData(4, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, 2, false)]
    public void Rights(uint rights, int access, bool passes)
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Put(Page, a => a.vmcall());
        m.Write(VmxMachine.EptEntry(Page), Page | 0x30 | rights, 8);
        m.Guest(a =>
        {
            switch (access)
            {
                case 0: a.mov(al, __byte_ptr[Page + 5]); break;
                case 1: a.mov(__byte_ptr[Page + 5], al); break;
                default: a.jmp(Page); break;
            }

            a.vmcall();
        });
        uint reason = m.Run();
        Assert.Equal(passes ? 18u : 48u, reason);
        if (passes)
            return;
        uint offset = access == 2 ? 0u : 5;
        Assert.Equal((1u << access) | rights << 3 | Data, m[F.Qualification]);
        Assert.Equal(Page + offset, m[F.GuestPhysical]);
        Assert.Equal(Page + offset, m[F.Linear]);
        Assert.Equal(access == 2 ? Page : VmxMachine.GuestCode, m[F.Eip]);
    }

    [Theory]
    [InlineData(Page | 0x32u)]
    [InlineData(Page | 0x36u)]
    [InlineData(Page | 0x17u)]
    [InlineData(Page | 0x3Fu)]
    [InlineData(Page | 0x37 | 1ul << 36)]
    public void Entries_that_make_no_sense(ulong entry)
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.EptEntry(Page), entry, 8);
        m.Guest(a => a.mov(al, __byte_ptr[Page]));
        Assert.Equal(49u, m.Run());
        Assert.Equal(Page, m[F.GuestPhysical]);
    }

    [Theory]
    [InlineData(0, 0xFFu)]
    [InlineData(1, 0x87u)]
    [InlineData(1, 0x1087u)]
    [InlineData(2, 0x87u | 1 << 13)]
    public void So_do_those_of_higher_levels(int level, uint spoilt)
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Guest(a => a.nop());
        ulong address = level switch { 0 => VmxMachine.Ept, 1 => VmxMachine.Ept + 0x1000, _ => VmxMachine.Ept + 0x2000 };
        m.Write((uint)address, level == 0 ? VmxMachine.Ept + 0x1000 | spoilt : level == 1 && spoilt == 0x87 ? VmxMachine.Ept + 0x2000 | 0xBFu : spoilt, 8);
        Assert.Equal(49u, m.Run());
    }

    [Fact]
    public void A_page_of_1_GB()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.Ept + 0x1000, 0xB7, 8);
        m.Guest(a => { a.mov(ebx, __dword_ptr[0x70_0010]); a.vmcall(); });
        m.Write(0x70_0010, 0x1234_5678, 4);
        Assert.Equal(18u, m.Run());
        Assert.Equal(0x1234_5678u, m.Cpu.Get("ebx"));
    }

    [Fact]
    public void Guest_physical_addresses_are_the_tables_own()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.EptEntry(Page), Page + 0x3000 | 0x37, 8);
        m.Write(Page + 0x3008, 0xCAFE, 4);
        m.Guest(a => { a.mov(ebx, __dword_ptr[Page + 8]); a.mov(__dword_ptr[Page + 12], ebx); a.vmcall(); });
        Assert.Equal(18u, m.Run());
        Assert.Equal(0xCAFEu, m.Cpu.Get("ebx"));
        Assert.Equal(0xCAFEu, m.Read(Page + 0x300C, 4));
        Assert.Equal(0u, m.Read(Page + 12, 4));
    }

    [Fact]
    public void The_guests_tables_are_read_through_them()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Guest(a => a.nop());
        m.Write(VmxMachine.EptEntry(VmxMachine.Directory), 0, 8);
        Assert.Equal(48u, m.Run());
        Assert.Equal(1u | Table, m[F.Qualification]);
        Assert.Equal(VmxMachine.Directory, m[F.GuestPhysical]);
        Assert.Equal(VmxMachine.GuestCode, m[F.Linear]);
    }

    [Fact]
    public void Setting_an_accessed_flag_of_the_guest_is_a_write()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.Directory, 0x87, 4);
        m.Write(VmxMachine.EptEntry(VmxMachine.Directory), VmxMachine.Directory | 0x31, 8);
        m.Guest(a => a.nop());
        Assert.Equal(48u, m.Run());
        Assert.Equal(2u | 1 << 3 | Table, m[F.Qualification]);
    }

    [Fact]
    public void Accessed_and_dirty_flags()
    {
        using var m = new VmxMachine();
        m.UseEpt(0x40);
        m.Guest(a => { a.mov(al, __byte_ptr[Page]); a.mov(__byte_ptr[Page + 0x1000], al); a.vmcall(); });
        Assert.Equal(18u, m.Run());
        Assert.Equal(Accessed, m.Read(VmxMachine.EptEntry(Page), 8) & 0x300);
        Assert.Equal(Accessed | Dirty, m.Read(VmxMachine.EptEntry(Page + 0x1000), 8) & 0x300);
        Assert.Equal(0u, m.Read(VmxMachine.EptEntry(Page + 0x2000), 8) & 0x300);
        // Reads of the guest's tables count as writes.
        Assert.Equal(Accessed | Dirty, m.Read(VmxMachine.EptEntry(VmxMachine.Directory), 8) & 0x300);
        Assert.Equal(Accessed, m.Read(VmxMachine.Ept, 8) & 0x300);
    }

    [Fact]
    public void Without_the_flags_none_are_set()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Guest(a => { a.mov(__byte_ptr[Page], al); a.vmcall(); });
        Assert.Equal(18u, m.Run());
        Assert.Equal(0u, m.Read(VmxMachine.EptEntry(Page), 8) & 0x300);
    }

    [Fact]
    public void Page_directory_pointers_come_from_the_VMCS_and_MOV_to_CR3_reads_them_through_the_tables()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        // PAE: a directory at Page with large pages.
        m.Write(Page, 0xE7, 8);
        m.Write(Page + 8, 0x2000E7, 8);
        m.Set(F.GuestCr4, 0x2030).Set(F.GuestCr3, 0x12340).Set(F.GuestPdptes, Page | 1);
        m.Guest(a => { a.mov(eax, Page + 0x1000); a.mov(cr3, eax); a.vmcall(); });
        m.Write(VmxMachine.EptEntry(Page + 0x1000), 0, 8);
        Assert.Equal(48u, m.Run());
        Assert.Equal(1u, m[F.Qualification]);
        Assert.Equal(Page + 0x1000, m[F.GuestPhysical]);
        m.Write(VmxMachine.EptEntry(Page + 0x1000), Page + 0x1000 | 0x37, 8);
        m.Write(Page + 0x1000, Page | 1, 8);
        Assert.Equal(18u, m.Run());
        Assert.Equal(Page | 1, m[F.GuestPdptes]);
        Assert.Equal(Page + 0x1000, m[F.GuestCr3]);
    }

    [Fact]
    public void A_violation_in_a_delivery_tells_of_the_event()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.EptEntry(VmxMachine.GuestIdt), 0, 8);
        m.Guest(a => a.ud2());
        Assert.Equal(48u, m.Run());
        Assert.Equal(0x8000_0306u, m[F.Vectoring]);
        Assert.Equal(VmxMachine.GuestIdt + 6 * 8, m[F.GuestPhysical]);
    }

    [Fact]
    public void The_monitor_is_not_translated()
    {
        using var m = new VmxMachine();
        m.UseEpt();
        m.Write(VmxMachine.EptEntry(VmxMachine.HostEntry), 0, 8);
        m.Guest(a => a.vmcall());
        m.Put(VmxMachine.HostEntry, a => a.mov(ebx, 0x77));
        Assert.Equal(0u, m.Enter());
        m.Cpu.Step();
        Assert.False(m.InGuest);
        m.Cpu.Step();
        Assert.Equal(0x77u, m.Cpu.Get("ebx"));
    }
}
