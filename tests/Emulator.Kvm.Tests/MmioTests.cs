namespace Emulator.Kvm.Tests;

/// <summary>Exits of accesses to memory no slot answers.</summary>
public sealed class MmioTests
{
    public static TheoryData<string> Own => Implementations.Own;

    public static TheoryData<string> All => Implementations.All;

    [Theory, MemberData(nameof(All))]
    public void Reads_and_writes_exit_with_address_size_and_data(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov ebx, 0x20010", "mov eax, 0x11223344", "mov dword [ebx], eax", "mov word [ebx+2], 0x5566", "movzx ecx, byte [ebx+4]", "mov edx, dword [ebx+8]", "hlt");
        ExpectWrite(guest, 0x20010, 4, 0x11223344);
        ExpectWrite(guest, 0x20012, 2, 0x5566);
        ExpectRead(guest, 0x20014, 1, 0xA1);
        ExpectRead(guest, 0x20018, 4, 0xCAFEBABE);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal((0xA1u, 0xCAFEBABEu), (guest.Regs.Rcx, guest.Regs.Rdx));
    }

    [Theory, MemberData(nameof(All))]
    public void Read_modify_write_exits_twice(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "add dword [0x20000], 5", "hlt");
        ExpectRead(guest, 0x20000, 4, 37);
        ExpectWrite(guest, 0x20000, 4, 42);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Theory, MemberData(nameof(All))]
    public void The_register_is_not_written_before_the_next_run(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov eax, 7", "mov eax, dword [0x20000]", "hlt");
        ExpectRead(guest, 0x20000, 4, 9);
        Assert.Equal(7u, guest.Regs.Rax);
        guest.Shared.ImmediateExit = 1;
        Assert.False(guest.Vcpu.Run());
        Assert.Equal(9u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void Accesses_are_split_at_page_crossings(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov eax, dword [0x20ffd]", "mov dword [0x21fff], eax", "hlt");
        ExpectRead(guest, 0x20FFD, 3, 0x332211);
        ExpectRead(guest, 0x21000, 1, 0x44);
        ExpectWrite(guest, 0x21FFF, 1, 0x11);
        ExpectWrite(guest, 0x22000, 3, 0x443322);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x44332211u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void Accesses_are_split_where_RAM_meets_a_hole(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov eax, dword [0xfffe]", "mov dword [0xffff], eax", "hlt");
        guest.Write(0xFFFE, [0x11, 0x22]);
        ExpectRead(guest, 0x10000, 2, 0x4433);
        ExpectWrite(guest, 0x10000, 3, 0x443322);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x44332211u, guest.Regs.Rax);
        Assert.Equal(0x11, guest.Read<byte>(0xFFFF));
    }

    [Theory, MemberData(nameof(All))]
    public void Strings_copy_from_and_to_it_element_by_element(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov esi, 0x20000", "mov edi, 0x21000", "mov ecx, 2", "rep movsd", "hlt");
        ExpectRead(guest, 0x20000, 4, 0xA);
        ExpectWrite(guest, 0x21000, 4, 0xA);
        ExpectRead(guest, 0x20004, 4, 0xB);
        ExpectWrite(guest, 0x21004, 4, 0xB);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal((0u, 0x20008u, 0x21008u), (guest.Regs.Rcx, guest.Regs.Rsi, guest.Regs.Rdi));
    }

    [Theory, MemberData(nameof(All))]
    public unsafe void A_write_to_a_read_only_slot_is_an_exit_and_a_read_is_none(string on)
    {
        using var guest = new Guest(on);
        using var rom = new Runtime.NativeBlock(0x1000);
        *(uint*)rom.Pointer = 0x1000;
        guest.Vm.SetUserMemoryRegion(1, 0x30000, rom.Pointer, 0x1000, KvmMemoryFlags.ReadOnly);
        guest.Load(32, "mov eax, dword [0x30000]", "mov dword [0x30000], 1", "add dword [0x30000], 2", "hlt");
        ExpectWrite(guest, 0x30000, 4, 1);
        Assert.Equal(0x1000u, guest.Regs.Rax);
        ExpectWrite(guest, 0x30000, 4, 0x1002);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x1000u, *(uint*)rom.Pointer);
    }

    [Theory, MemberData(nameof(All))]
    public void Code_that_is_nowhere_is_an_internal_error(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov eax, 0x20000", "jmp eax");
        Assert.Equal(KvmExitReason.InternalError, guest.Run());
        Assert.Equal(KvmInternalError.Emulation, guest.Shared.Internal.Suberror);
        Assert.Equal(Guest.Hole, guest.Regs.Rip);
    }

    [Theory, MemberData(nameof(Own))]
    public void A_single_step_over_a_read_traps_once_after_it(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "mov eax, dword [0x20000]", "nop", "hlt");
        var gate = new byte[8];
        Guest.Assemble(32, 0x3000, "inc ebx", "and dword [esp+8], 0xfffffeff", "iret").CopyTo(guest.Ram.AsSpan(0x3000, 16));
        BitConverter.TryWriteBytes(gate, 0x0000_8E00_0008_3000ul);
        guest.Write(0x4000 + 8, gate);
        guest.Write(0x5000 + 8, BitConverter.GetBytes(0x00CF_9B00_0000_FFFFul));
        var sregs = guest.Vcpu.GetSregs();
        sregs.Idt = new KvmDtable { Base = 0x4000, Limit = 0xFF };
        sregs.Gdt = new KvmDtable { Base = 0x5000, Limit = 0x17 };
        guest.Vcpu.SetSregs(sregs);
        guest.Vcpu.SetRegs(new KvmRegs { Rip = Guest.Code, Rsp = Guest.Stack, Rflags = 0x102 });
        ExpectRead(guest, 0x20000, 4, 1);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal((1u, 1u), (guest.Regs.Rax, guest.Regs.Rbx));
        Assert.Equal(Guest.Code + 5, guest.Read<uint>(Guest.Stack - 12));
    }

    [Theory, MemberData(nameof(Own))]
    public void A_page_table_that_is_nowhere_maps_nothing(string on)
    {
        using var guest = new Guest(on);
        guest.Load(32, "hlt");
        var sregs = guest.Vcpu.GetSregs();
        sregs.Cr3 = 0x40000;
        sregs.Cr0 |= 1UL << 31;
        guest.Vcpu.SetSregs(sregs);
        Assert.Equal(KvmExitReason.Shutdown, guest.Run());
        
    }

    private static void ExpectRead(Guest guest, uint address, uint size, ulong answer)
    {
        Assert.Equal(KvmExitReason.Mmio, guest.Run());
        Assert.Equal((address, size, 0), ((uint)guest.Shared.Mmio.PhysAddr, guest.Shared.Mmio.Len, guest.Shared.Mmio.IsWrite));
        guest.Shared.Mmio.Data = answer;
    }

    private static void ExpectWrite(Guest guest, uint address, uint size, ulong data)
    {
        Assert.Equal(KvmExitReason.Mmio, guest.Run());
        Assert.Equal((address, size, 1), ((uint)guest.Shared.Mmio.PhysAddr, guest.Shared.Mmio.Len, guest.Shared.Mmio.IsWrite));
        Assert.Equal(data, guest.Shared.Mmio.Data & (ulong.MaxValue >> (int)(64 - 8 * size)));
    }
}
