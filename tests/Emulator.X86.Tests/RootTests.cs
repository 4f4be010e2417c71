using Emulator.Testing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;
using F = Emulator.X86.Tests.VmcsField;

namespace Emulator.X86.Tests;

/// <summary>VMX instructions in root operation and outside: what they need, and how they fail (SDM vol. 3, chapter 30).</summary>
public sealed class RootTests
{
    private const int Undefined = 6, Protection = 13;

    [Fact]
    public void Outside_of_VMX_operation_they_are_undefined()
    {
        using var m = new VmxMachine();
        Assert.Equal(StepKind.Completed, m.Execute(a => a.vmxoff()).Kind);
        Assert.Equal(0u, m.Cpu.Get("vmx_mode"));
        foreach (Action<Iced.Intel.Assembler> code in (Action<Iced.Intel.Assembler>[])
            [a => a.vmxoff(), a => a.vmcall(), a => a.vmlaunch(), a => a.vmresume(), a => a.vmread(eax, ecx), a => a.vmwrite(eax, ecx), a => a.vmptrst(__qword_ptr[VmxMachine.Data]),
             a => a.vmptrld(__qword_ptr[VmxMachine.Data]), a => a.vmclear(__qword_ptr[VmxMachine.Data]), a => a.invept(eax, __xmmword_ptr[VmxMachine.Data]),
             a => a.invvpid(eax, __xmmword_ptr[VmxMachine.Data]), a => a.vmfunc()])
            Assert.Equal(Undefined, Trap(m, code));
    }

    [Fact]
    public void VMXON_needs_CR4_VMXE_and_an_enabled_and_locked_feature()
    {
        using var m = new VmxMachine();
        m.Execute(a => a.vmxoff());
        m.Cpu.Set("cr4", 0x10);
        Assert.Equal(Undefined, Trap(m, a => a.vmxon(__qword_ptr[VmxMachine.Data])));
        m.Cpu.Set("cr4", 0x2010);
        foreach (ulong feature in (ulong[])[0, 1, 4])
        {
            m.Cpu.Set("feature_control", feature);
            Assert.Equal(Protection, Trap(m, a => a.vmxon(__qword_ptr[VmxMachine.Data])));
        }

        m.Cpu.Set("feature_control", 5);
        m.Write(VmxMachine.VmxonRegion, 0x8000_0017, 4);
        m.Execute(a => a.vmxon(__qword_ptr[VmxMachine.Data]));
        Assert.Equal(1u, m.Cpu.Get("eflags") & 0x8D5);
        Assert.Equal(0u, m.Cpu.Get("vmx_mode"));
        m.Write(VmxMachine.VmxonRegion, 0x17, 4);
        m.Execute(a => a.vmxon(__qword_ptr[VmxMachine.Data]));
        Assert.Equal(0u, m.Cpu.Get("eflags") & 0x8D5);
        Assert.Equal(1u, m.Cpu.Get("vmx_mode"));
    }

    [Fact]
    public void The_feature_can_be_locked_once()
    {
        using var m = new VmxMachine();
        m.Cpu.Set("feature_control", 0);
        m.Cpu.Set("ecx", 0x3A);
        m.Cpu.Set("edx", 0);
        m.Cpu.Set("eax", 5);
        Assert.Equal(-1, Trap(m, a => a.wrmsr()));
        Assert.Equal(5u, m.Msr(0x3A));
        m.Cpu.Set("ecx", 0x3A);
        m.Cpu.Set("edx", 0);
        m.Cpu.Set("eax", 1);
        Assert.Equal(Protection, Trap(m, a => a.wrmsr()));
    }

    [Fact]
    public void Fixed_bits_stay_set_in_VMX_operation()
    {
        using var m = new VmxMachine();
        foreach (uint bit in (uint[])[1, 0x20, 0x8000_0000])
        {
            m.Cpu.Set("eax", 0x8000_0031 & ~bit);
            Assert.Equal(Protection, Trap(m, a => a.mov(cr0, eax)));
        }

        m.Cpu.Set("eax", 0x10);
        Assert.Equal(Protection, Trap(m, a => a.mov(cr4, eax)));
    }

    [Fact]
    public void CPUID_tells_of_VMX()
    {
        using var m = new VmxMachine();
        m.Cpu.Set("eax", 1);
        m.Execute(a => a.cpuid());
        Assert.Equal(0x20u, m.Cpu.Get("ecx"));
    }

    [Fact]
    public void Addresses_and_revisions_are_checked()
    {
        using var m = new VmxMachine();
        Assert.Equal(9u, Error(m, VmxMachine.Vmcs + 8, a => a.vmptrld(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(9u, Error(m, 1ul << 32, a => a.vmptrld(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(10u, Error(m, VmxMachine.VmxonRegion, a => a.vmptrld(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(11u, Error(m, VmxMachine.Gdt, a => a.vmptrld(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(2u, Error(m, VmxMachine.Vmcs + 8, a => a.vmclear(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(3u, Error(m, VmxMachine.VmxonRegion, a => a.vmclear(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(15u, Error(m, VmxMachine.VmxonRegion, a => a.vmxon(__qword_ptr[VmxMachine.Data])));
        Assert.Equal(1u, Error(m, 0, a => a.vmcall()));
    }

    [Fact]
    public void Fields_that_do_not_exist_or_are_read_only()
    {
        using var m = new VmxMachine();
        foreach (uint field in (uint[])[0x4C02, 0x2000 | 1 << 15, 0x6819, 0x1000, 0x20FE, 0x482C])
        {
            m.Cpu.Set("ecx", field);
            m.Execute(a => a.vmread(eax, ecx));
            Assert.Equal(0x40u, m.Cpu.Get("eflags") & 0x8D5);
            Assert.Equal(12u, m[F.InstructionError]);
        }

        m.Cpu.Set("ecx", F.Reason);
        m.Execute(a => a.vmwrite(ecx, eax));
        Assert.Equal(13u, m[F.InstructionError]);
    }

    /// <summary>Every field of appendix B that this processor has keeps what is written, and no two share a place.</summary>
    [Fact]
    public void Fields_keep_what_is_written()
    {
        using var m = new VmxMachine();
        var written = new Dictionary<uint, uint>();
        for (uint field = 0; field < 0x8000; field++)
        {
            m.Cpu.Set("ecx", field);
            m.Cpu.Set("eax", field * 0x9E3779B1);
            m.Execute(a => a.vmwrite(ecx, eax));
            if ((m.Cpu.Get("eflags") & 0x41) == 0)
                written.Add(field, (field >> 13) == 0 ? field * 0x9E3779B1 & 0xFFFF : field * 0x9E3779B1);
        }

        Assert.All(written, w => Assert.Equal(w.Value, m[w.Key]));
        // 1 + 8 + 7 of 16 bits; 9 + 8 + 2 of 64 bits, each with its high half; 15 + 22 + 1 of 32 bits; 8 + 20 + 12 of natural width.
        Assert.Equal(16 + 19 * 2 + 38 + 40, written.Count);
        Assert.Equal((uint)m.Msr(0x48A), written.Keys.Max(k => k & 0x3FE));
    }

    [Fact]
    public void Without_a_current_VMCS_failure_has_no_number()
    {
        using var m = new VmxMachine();
        m.Execute(a => a.vmclear(__qword_ptr[VmxMachine.Data + 8]));
        foreach (Action<Iced.Intel.Assembler> code in (Action<Iced.Intel.Assembler>[])[a => a.vmread(eax, ecx), a => a.vmwrite(eax, ecx), a => a.vmlaunch(), a => a.vmresume(), a => a.vmcall()])
        {
            m.Execute(code);
            Assert.Equal(1u, m.Cpu.Get("eflags") & 0x8D5);
        }

        m.Execute(a => a.vmptrst(__qword_ptr[VmxMachine.Data + 16]));
        Assert.Equal(ulong.MaxValue, m.Read(VmxMachine.Data + 16, 8));
        m.Execute(a => a.vmptrld(__qword_ptr[VmxMachine.Data + 8]));
        m.Execute(a => a.vmptrst(__qword_ptr[VmxMachine.Data + 16]));
        Assert.Equal(VmxMachine.Vmcs, m.Read(VmxMachine.Data + 16, 8));
    }

    [Fact]
    public void A_VMCS_is_launched_once_until_it_is_cleared()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.vmcall());
        Assert.Equal(18u, m.Run());
        m.Execute(a => a.vmlaunch());
        Assert.Equal(4u, m[F.InstructionError]);
        Assert.Equal(18u, m.Run());
        m.Execute(a => a.vmclear(__qword_ptr[VmxMachine.Data + 8]));
        m.Execute(a => a.vmptrld(__qword_ptr[VmxMachine.Data + 8]));
        m.Execute(a => a.vmresume());
        Assert.Equal(5u, m[F.InstructionError]);
    }

    [Fact]
    public void No_entry_under_the_shadow_of_MOV_SS()
    {
        using var m = new VmxMachine();
        m.Guest(a => a.vmcall());
        m.Put(VmxMachine.HostCode, a => { a.mov(eax, 16); a.mov(ss, eax); a.vmlaunch(); });
        m.Cpu.Set("eip", VmxMachine.HostCode);
        m.Cpu.StateChanged();
        for (int i = 0; i < 3; i++)
            m.Cpu.Step();
        Assert.False(m.InGuest);
        Assert.Equal(26u, m[F.InstructionError]);
    }

    [Theory]
    [InlineData(0u, 28u)]
    [InlineData(1u, 0u)]
    [InlineData(2u, 0u)]
    [InlineData(3u, 28u)]
    public void INVEPT_knows_two_types(uint type, uint error)
    {
        using var m = new VmxMachine();
        m.Write(VmxMachine.Data + 32, VmxMachine.Ept | 0x1E, 8);
        m.Cpu.Set("eax", type);
        m.Execute(a => a.invept(eax, __xmmword_ptr[VmxMachine.Data + 32]));
        Assert.Equal(error == 0 ? 0u : 0x40u, m.Cpu.Get("eflags") & 0x41);
        if (error != 0)
            Assert.Equal(error, m[F.InstructionError]);
    }

    [Theory]
    [InlineData(0u, 1u, true)]
    [InlineData(1u, 0u, false)]
    [InlineData(2u, 0u, true)]
    [InlineData(3u, 1u, true)]
    [InlineData(4u, 1u, false)]
    [InlineData(1u, 0x1_0001u, false)]
    [InlineData(2u, 0x1_0000u, false)]
    public void INVVPID_knows_four_types(uint type, uint tag, bool valid)
    {
        using var m = new VmxMachine();
        m.Write(VmxMachine.Data + 32, tag, 8);
        m.Cpu.Set("eax", type);
        m.Execute(a => a.invvpid(eax, __xmmword_ptr[VmxMachine.Data + 32]));
        Assert.Equal(valid ? 0u : 0x40u, m.Cpu.Get("eflags") & 0x41);
    }

    private static int Trap(VmxMachine m, Action<Iced.Intel.Assembler> code)
    {
        // The monitor has no table of interrupts: a trap shuts the processor down, which the state saved before undoes.
        byte[] state = m.Cpu.SaveState();
        StepResult result = m.Execute(code);
        if (result.Trap >= 0)
        {
            m.Cpu.LoadState(state);
            m.Cpu.StateChanged();
        }

        return result.Trap;
    }

    private static uint Error(VmxMachine m, ulong address, Action<Iced.Intel.Assembler> code)
    {
        m.Write(VmxMachine.Data, address, 8);
        m.Execute(code);
        Assert.Equal(0x40u, m.Cpu.Get("eflags") & 0x8D5);
        return m[F.InstructionError];
    }
}
