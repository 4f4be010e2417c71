namespace Emulator.Kvm.Tests;

/// <summary>Registers: initial values, loads, and what is refused.</summary>
public sealed unsafe class StateTests
{
    public static TheoryData<string> Own => Implementations.Own;

    public static TheoryData<string> All => Implementations.All;

    public static TheoryData<string> Paging => Implementations.Paging;

    [Theory, MemberData(nameof(All))]
    public void A_new_vCPU_is_in_the_reset_state(string on)
    {
        using var guest = new Guest(on);
        var regs = guest.Regs;
        Assert.Equal((0xFFF0ul, 2ul, 0x600ul, 0ul), (regs.Rip, regs.Rflags, regs.Rdx, regs.Rax | regs.Rbx | regs.Rcx | regs.Rsp | regs.Rbp | regs.Rsi | regs.Rdi));
        var s = guest.Vcpu.GetSregs();
        Assert.Equal((0xF000, 0xFFFF0000ul, 0xFFFFu, 0xB, 1, 1, 0), (s.Cs.Selector, s.Cs.Base, s.Cs.Limit, s.Cs.Type, s.Cs.S, s.Cs.Present, s.Cs.Unusable));
        foreach (var data in (KvmSegment[])[s.Ds, s.Es, s.Fs, s.Gs, s.Ss])
            Assert.Equal((0, 0ul, 0xFFFFu, 3, 1, 1, 0), (data.Selector, data.Base, data.Limit, data.Type, data.S, data.Present, data.Dpl));
        Assert.Equal((0, 0xFFFFu, 0xB, 0, 1), (s.Tr.Selector, s.Tr.Limit, s.Tr.Type, s.Tr.S, s.Tr.Present));
        Assert.Equal((0, 0xFFFFu, 2, 0, 1), (s.Ldt.Selector, s.Ldt.Limit, s.Ldt.Type, s.Ldt.S, s.Ldt.Present));
        Assert.Equal((0ul, 0xFFFF, 0ul, 0xFFFF), (s.Gdt.Base, s.Gdt.Limit, s.Idt.Base, s.Idt.Limit));
        Assert.Equal((0x60000010ul, 0ul, 0ul, 0ul, 0ul, 0ul), (s.Cr0, s.Cr2, s.Cr3, s.Cr4, s.Cr8, s.Efer));
        Assert.Equal(0xFEE00900ul, s.ApicBase);
        Assert.Equal(KvmMpState.Runnable, guest.Vcpu.GetMpState());
        Assert.Equal(0x37F, guest.Vcpu.GetFpu().Fcw);
        using var second = guest.Vm.CreateVcpu(1);
        Assert.Equal(0xFEE00800ul, second.GetSregs().ApicBase);
    }

    [Theory, MemberData(nameof(All))]
    public void Registers_are_what_was_set(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "hlt");
        var regs = new KvmRegs { Rax = 1, Rbx = 2, Rcx = 3, Rdx = 4, Rsi = 5, Rdi = 6, Rsp = 7, Rbp = 8, Rip = 0x1234, Rflags = 0x8D7 };
        guest.Vcpu.SetRegs(regs);
        Assert.Equal(regs, guest.Regs);
        guest.Vcpu.SetRegs(regs with { Rflags = 0 });
        Assert.Equal(2u, guest.Regs.Rflags);
    }

    [Theory, MemberData(nameof(All))]
    public void Hidden_parts_of_segments_are_taken_as_given(string on)
    {
        using var guest = new Guest(on);

        // Flat protected-mode segments with no descriptor table anywhere; a data segment whose base no selector gives.
        guest.Load(32, "mov eax, dword [fs:4]", "hlt");
        guest.Write(0x2004, [0x78, 0x56, 0x34, 0x12]);
        var sregs = guest.Vcpu.GetSregs();
        sregs.Fs.Base = 0x2000;
        sregs.Fs.Limit = 7;
        sregs.Fs.G = 0;
        sregs.Gdt = default;
        guest.Vcpu.SetSregs(sregs);
        var back = guest.Vcpu.GetSregs();
        Assert.Equal((sregs.Fs.Base, sregs.Fs.Limit, sregs.Fs.Selector, sregs.Fs.Type), (back.Fs.Base, back.Fs.Limit, back.Fs.Selector, back.Fs.Type));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x12345678u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void States_a_processor_cannot_be_in_are_refused(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "hlt");
        var good = guest.Vcpu.GetSregs();
        var bad = good;
        bad.Cr0 = 0x80000010;
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetSregs(bad));
        bad = good;
        bad.Efer = 1 << 10;
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetSregs(bad));
        bad = good;
        bad.Cr4 = 1ul << 31;
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetSregs(bad));
        guest.Vcpu.SetSregs(good);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
    }

    [Theory, MemberData(nameof(Own))]
    public void Long_mode_is_refused(string on)
    {
        using var guest = new Guest(on);
        var sregs = guest.Vcpu.GetSregs();
        sregs.Efer = 1 << 8;
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetSregs(sregs));
    }

    [Theory, MemberData(nameof(Paging))]
    public void Paging_is_entered_directly(string on)
    {
        using var guest = new Guest(on);

        guest.LoadPaged();
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x04030201u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(Paging))]
    public void PAE_paging_is_entered_directly(string on)
    {
        using var guest = new Guest(on);
        guest.UseSupportedCpuid();
        guest.Load(32, "mov eax, dword [0x202000]", "hlt");
        guest.Write(0x2000, [1, 2, 3, 4]);
        guest.Write(0x6000, BitConverter.GetBytes(0x7001ul));
        guest.Write(0x7000, BitConverter.GetBytes(0x83ul));
        guest.Write(0x7008, BitConverter.GetBytes(0x83ul));
        var sregs = guest.Vcpu.GetSregs();
        sregs.Cr3 = 0x6000;
        sregs.Cr4 |= 1 << 5;
        sregs.Cr0 |= 1ul << 31;
        guest.Vcpu.SetSregs(sregs);
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x04030201u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void A_vCPU_can_start_in_virtual_8086_mode_at_level_3(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "mov ax, cs", "hlt");
        var sregs = guest.Vcpu.GetSregs();
        var segment = new KvmSegment { Limit = 0xFFFF, Type = 3, S = 1, Dpl = 3, Present = 1 };
        sregs.Cs = sregs.Ds = sregs.Es = sregs.Fs = sregs.Gs = sregs.Ss = segment;
        sregs.Cr0 |= 1;
        sregs.Idt = default;
        guest.Vcpu.SetSregs(sregs);
        guest.Vcpu.SetRegs(new KvmRegs { Rax = 0xFFFF, Rip = Guest.Code, Rsp = Guest.Stack, Rflags = 0x20002 });

        // HLT needs level 0: #GP, and no table to deliver it through.
        Assert.Equal(KvmExitReason.Shutdown, guest.Run());
        Assert.Equal(0u, guest.Regs.Rax);
    }

    [Theory, MemberData(nameof(All))]
    public void FPU_registers_are_kept(string on)
    {
        using var guest = new Guest(on);
        var fpu = guest.Vcpu.GetFpu();
        fpu.Fcw = 0x27F;
        fpu.Fpr[0] = 0x11;
        fpu.Xmm[17] = 0x22;
        guest.Vcpu.SetFpu(fpu);
        var back = guest.Vcpu.GetFpu();
        Assert.Equal((0x27F, 0x11, 0x22), (back.Fcw, back.Fpr[0], back.Xmm[17]));
    }

    [Theory, MemberData(nameof(All))]
    public void MSRs_are_set_up_to_the_first_bad_one(string on)
    {
        using var guest = new Guest(on);
        KvmMsrEntry[] entries = [new() { Index = 0x174, Data = 8 }, new() { Index = 0x175, Data = 0x1000 }, new() { Index = 0xDEAD_0000, Data = 1 }, new() { Index = 0x176, Data = 5 }];
        Assert.Equal(2, guest.Vcpu.SetMsrs(entries));
        KvmMsrEntry[] back = [new() { Index = 0x174 }, new() { Index = 0x175 }, new() { Index = 0x176 }];
        Assert.Equal(3, guest.Vcpu.GetMsrs(back));
        Assert.Equal((8ul, 0x1000ul, 0ul), (back[0].Data, back[1].Data, back[2].Data));
        Assert.Equal(1, guest.Vcpu.GetMsrs([new() { Index = 0x174 }, new() { Index = 0xDEAD_0000 }]));
    }

    [Theory, MemberData(nameof(All))]
    public void MSRs_the_client_sets_are_those_of_the_guest(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "mov ecx, 0x175", "rdmsr", "mov ebx, eax", "mov ecx, 0x176", "mov eax, 0x77", "wrmsr", "hlt");
        Assert.Equal(1, guest.Vcpu.SetMsrs([new() { Index = 0x175, Data = 0x1234 }]));
        Assert.Equal(KvmExitReason.Hlt, guest.Run());
        Assert.Equal(0x1234u, guest.Regs.Rbx);
        KvmMsrEntry[] back = [new() { Index = 0x176 }];
        guest.Vcpu.GetMsrs(back);
        Assert.Equal(0x77u, back[0].Data);
    }

    [Theory, MemberData(nameof(All))]
    public void Time_stamps_of_vCPUs_come_from_one_clock(string on)
    {
        using var guest = new Guest(on);
        Thread.Sleep(20);
        using var second = guest.Vm.CreateVcpu(1);
        var (before, between, after) = (Stamp(guest.Vcpu), Stamp(second), Stamp(guest.Vcpu));
        Assert.True(before <= between && between <= after, $"{before} {between} {after}");
        Assert.True(after > before);

        static ulong Stamp(IKvmVcpu vcpu)
        {
            KvmMsrEntry[] stamp = [new() { Index = 0x10 }];
            Assert.Equal(1, vcpu.GetMsrs(stamp));
            return stamp[0].Data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Every_MSR_of_the_list_can_be_read(string on)
    {
        using var guest = new Guest(on);
        var indices = new uint[1024];
        Errors.Fails(Errno.E2BIG, () => guest.System.GetMsrIndexList(new uint[1]));
        var count = guest.System.GetMsrIndexList(indices);
        Assert.InRange(count, 4, indices.Length);
        Assert.Contains(0x10u, indices[..count]);
        if (on != Implementations.Kernel)
            Assert.Equal(count, guest.Vcpu.GetMsrs([.. indices[..count].Select(i => new KvmMsrEntry { Index = i })]));
    }

    [Theory, MemberData(nameof(All))]
    public void CPUID_is_zero_until_it_is_set_and_then_what_was_set(string on)
    {
        using var guest = new Guest(on);
        guest.Load(16, "mov eax, 1", "cpuid", "out 0x10, al", "xor eax, eax", "cpuid", "hlt");
        if (on != Implementations.Kernel)
        {
            guest.Run();
            Assert.Equal((0ul, 0ul, 0ul, 0ul), (guest.Regs.Rax, guest.Regs.Rbx, guest.Regs.Rcx, guest.Regs.Rdx));
            Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetCpuid2([new() { Function = 1, Eax = 1 }]));
        }

        using var fresh = new Guest(on);
        fresh.Load(16, "mov eax, 1", "cpuid", "mov esi, eax", "mov eax, 0", "cpuid", "hlt");
        fresh.Vcpu.SetCpuid2([new() { Function = 0, Eax = 1, Ebx = 0x11111111, Ecx = 0x22222222, Edx = 0x33333333 }, new() { Function = 1, Eax = 0x633 }]);
        Assert.Equal(KvmExitReason.Hlt, fresh.Run());
        Assert.Equal((1ul, 0x11111111ul, 0x22222222ul, 0x33333333ul), (fresh.Regs.Rax, fresh.Regs.Rbx, fresh.Regs.Rcx, fresh.Regs.Rdx));
        Assert.Equal(0x633u, fresh.Regs.Rsi);
    }

    [Theory, MemberData(nameof(All))]
    public void Supported_CPUID_fits_exactly_or_not(string on)
    {
        using var guest = new Guest(on);
        var entries = new KvmCpuidEntry2[256];
        var count = guest.System.GetSupportedCpuid(entries);
        Assert.Equal(0u, entries[0].Function);
        Assert.True(entries[0].Eax >= 1);
        Assert.Equal(count, guest.System.GetSupportedCpuid(new KvmCpuidEntry2[count]));
        Errors.Fails(Errno.E2BIG, () => guest.System.GetSupportedCpuid(new KvmCpuidEntry2[count - 1]));
        guest.Vcpu.SetCpuid2(entries.AsSpan(0, count));
    }

    [Theory, MemberData(nameof(All))]
    public void Without_an_interrupt_chip_there_is_one_MP_state(string on)
    {
        using var guest = new Guest(on);
        guest.Vcpu.SetMpState(KvmMpState.Runnable);
        Errors.Fails(Errno.EINVAL, () => guest.Vcpu.SetMpState(KvmMpState.Halted));
        Assert.Equal(KvmMpState.Runnable, guest.Vcpu.GetMpState());
    }
}
