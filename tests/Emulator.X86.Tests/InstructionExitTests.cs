using Emulator.Testing;
using Iced.Intel;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.X86.Tests;

/// <summary>Every instruction that may exit (SDM vol. 3, 25.1): reason, qualification, information, length; and that it does not where the control is clear.</summary>
public sealed class InstructionExitTests
{
    private const uint Secondary = 1u << 31, Tables = 1 << 2, Wbinvd = 1 << 6;

    // Exits whatever the controls say.
    private static readonly ExitCase[] Unconditional =
    [
        new("cpuid", 10, null, a => a.cpuid()),
        new("invd", 13, null, a => a.invd()),
        new("vmcall", 18, null, a => a.vmcall()),
        new("vmclear", 19, null, a => a.vmclear(__qword_ptr[eax + ecx * 4 + 0x1234]), 0x1234, 0x0005_8082 & 0xFFFC_7FFF | 3 << 15),
        new("vmlaunch", 20, null, a => a.vmlaunch()),
        new("vmptrld", 21, null, a => a.vmptrld(__qword_ptr[ebp - 4]), 0xFFFF_FFFC, 2 << 15 | 0x80 | 1 << 22 | 5 << 23),
        new("vmptrst", 22, null, a => a.vmptrst(__qword_ptr.fs[0x40]), 0x40, 4 << 15 | 0x80 | 1 << 22 | 1 << 27),
        new("vmread register", 23, null, a => a.vmread(ebx, edx), 0, 0x400 | 3 << 3 | 2u << 28),
        new("vmread memory", 23, null, a => a.vmread(__dword_ptr[esi], edx), 0, 3 << 15 | 0x80 | 1 << 22 | 6 << 23 | 2u << 28),
        new("vmresume", 24, null, a => a.vmresume()),
        new("vmwrite register", 25, null, a => a.vmwrite(edx, ebx), 0, 0x400 | 3 << 3 | 2u << 28),
        new("vmxoff", 26, null, a => a.vmxoff()),
        new("vmxon", 27, null, a => a.vmxon(__qword_ptr[edi + 8]), 8, 3 << 15 | 0x80 | 1 << 22 | 7 << 23),
        new("invept", 50, null, a => a.invept(ebx, __xmmword_ptr[edi]), 0, 3 << 15 | 0x80 | 1 << 22 | 7 << 23 | 3u << 28),
        new("invvpid", 53, null, a => a.invvpid(ebx, __xmmword_ptr[edi]), 0, 3 << 15 | 0x80 | 1 << 22 | 7 << 23 | 3u << 28),
        new("rdmsr", 31, null, a => a.rdmsr()),
        new("wrmsr", 32, null, a => a.wrmsr()),
    ];

    // Exits where a control asks for it.
    private static readonly ExitCase[] Conditional =
    [
        new("hlt", 12, m => m.With(VmcsField.Proc, 1 << 7), a => a.hlt()),
        new("invlpg", 14, m => m.With(VmcsField.Proc, 1 << 9), a => a.invlpg(__byte_ptr[0x5678]), 0x5678),
        new("rdpmc", 15, m => m.With(VmcsField.Proc, 1 << 11), a => a.rdpmc()),
        new("rdtsc", 16, m => m.With(VmcsField.Proc, 1 << 12), a => a.rdtsc()),
        new("pause", 40, m => m.With(VmcsField.Proc, 1 << 30), a => a.pause()),
        new("wbinvd", 54, m => m.With(VmcsField.Proc, Secondary).With(VmcsField.Proc2, Wbinvd), a => a.wbinvd()),
        new("mov to cr3", 28, m => m.With(VmcsField.Proc, 1 << 15), a => a.mov(cr3, esi), 3 | 6 << 8),
        new("mov from cr3", 28, m => m.With(VmcsField.Proc, 1 << 16), a => a.mov(edi, cr3), 3 | 1 << 4 | 7 << 8),
        new("mov to cr0", 28, m => m.Set(VmcsField.Cr0Mask, 0x8), a => { a.mov(eax, cr0); a.or(eax, 8); a.mov(cr0, eax); }, 0),
        new("mov to cr4", 28, m => m.Set(VmcsField.Cr4Mask, 0x80), a => { a.mov(ebx, cr4); a.or(ebx, 0x80); a.mov(cr4, ebx); }, 4 | 3 << 8),
        new("clts", 28, m => m.Set(VmcsField.Cr0Mask, 8).Set(VmcsField.Cr0Shadow, 8), a => a.clts(), 2 << 4),
        new("lmsw register", 28, m => m.Set(VmcsField.Cr0Mask, 8), a => { a.mov(eax, 0x19); a.lmsw(ax); }, 3 << 4 | 0x19 << 16),
        new("mov from dr", 29, m => m.With(VmcsField.Proc, 1 << 23), a => a.mov(ecx, dr3), 3 | 1 << 4 | 1 << 8),
        new("mov to dr", 29, m => m.With(VmcsField.Proc, 1 << 23), a => a.mov(dr7, edx), 7 | 2 << 8),
        new("in immediate", 30, m => m.With(VmcsField.Proc, 1 << 24), a => a.@in(al, 0x21), 0x21 << 16 | 1 << 6 | 1 << 3),
        new("in dx", 30, m => m.With(VmcsField.Proc, 1 << 24), a => { a.mov(edx, 0x3F8); a.@in(eax, dx); }, 0x3F8 << 16 | 1 << 3 | 3),
        new("out", 30, m => m.With(VmcsField.Proc, 1 << 24), a => { a.mov(edx, 0x3F8); a.@out(dx, ax); }, 0x3F8 << 16 | 1),
        new("ins", 30, m => m.With(VmcsField.Proc, 1 << 24), a => { a.mov(edx, 0x60); a.insb(); }, 0x60 << 16 | 1 << 4 | 1 << 3, 0x80),
        new("rep outs", 30, m => m.With(VmcsField.Proc, 1 << 24), a => { a.mov(edx, 0x60); a.mov(ecx, 3); a.rep.outsd(); }, 0x60 << 16 | 1 << 5 | 1 << 4 | 3, 3 << 15 | 0x80),
        new("sgdt", 46, TableExits, a => a.sgdt(__[0x28000]), 0x28000, 3 << 15 | 0x80 | 1 << 22 | 1 << 27 | 0x800),
        new("sidt", 46, TableExits, a => a.sidt(__[0x28000]), 0x28000, 3 << 15 | 0x80 | 1 << 22 | 1 << 27 | 0x800 | 1 << 28),
        new("lgdt", 46, TableExits, a => a.lgdt(__[0x1000]), 0x1000, 3 << 15 | 0x80 | 1 << 22 | 1 << 27 | 0x800 | 2 << 28),
        new("lidt", 46, TableExits, a => a.lidt(__[0x1000]), 0x1000, 3 << 15 | 0x80 | 1 << 22 | 1 << 27 | 0x800 | 3u << 28),
        new("sldt", 47, TableExits, a => a.sldt(bx), 0, 0x400 | 3 << 3),
        new("str", 47, TableExits, a => a.str(bx), 0, 0x400 | 3 << 3 | 1 << 28),
        new("lldt", 47, TableExits, a => { a.xor(ebx, ebx); a.lldt(bx); }, 0, 0x400 | 3 << 3 | 2 << 28),
        new("ltr", 47, TableExits, a => a.ltr(bx), 0, 0x400 | 3 << 3 | 3u << 28),
    ];

    public static TheoryData<string> Names => new([.. Unconditional.Concat(Conditional).Select(c => c.Name)]);

    public static TheoryData<string> ConditionalNames => new([.. Conditional.Select(c => c.Name)]);

    [Theory, MemberData(nameof(Names))]
    public void Instruction_exits(string name)
    {
        ExitCase test = Unconditional.Concat(Conditional).Single(c => c.Name == name);
        using var m = new VmxMachine();
        test.Prepare?.Invoke(m);
        int length = m.Put(VmxMachine.GuestCode, test.Code);
        Assert.Equal(test.Reason, m.Run());
        Assert.Equal(test.Qualification, m[VmcsField.Qualification]);
        if (test.Information is { } information)
            Assert.Equal(information, m[VmcsField.Information]);
        // The guest stands at the instruction, which has not begun.
        uint at = m[VmcsField.Eip];
        Assert.Equal(VmxMachine.GuestCode + (uint)length, at + m[VmcsField.Length]);
        Assert.Equal(0u, m[VmcsField.Event]);
        Assert.Equal(0u, m[VmcsField.Vectoring]);
        Assert.Equal(VmxMachine.HostStack, m.Cpu.Get("esp"));
    }

    [Theory, MemberData(nameof(ConditionalNames))]
    public void It_does_not_where_nothing_asks_for_it(string name)
    {
        ExitCase test = Conditional.Single(c => c.Name == name);
        using var m = new VmxMachine();
        m.Cpu.Set("edi", VmxMachine.Data);
        m.Cpu.Set("esi", VmxMachine.Directory);
        m.Guest(a =>
        {
            a.mov(edi, VmxMachine.Data);
            a.mov(esi, VmxMachine.Directory);
            a.mov(ebx, 0x38);
            a.xor(ecx, ecx);
            a.mov(edx, 0x400);
            test.Code(a);
            a.vmcall();
        });
        if (name == "hlt")
        {
            Assert.Equal(0u, m.Enter());
            Assert.Equal(StepKind.Halted, m.Cpu.Run(100).Kind);
            return;
        }

        Assert.Equal(18u, m.Run());
    }

    private static void TableExits(VmxMachine m) => m.With(VmcsField.Proc, Secondary).With(VmcsField.Proc2, Tables);
}
