using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Conformance.Snapshots;

/// <summary>What instructions do, as approved text.</summary>
public sealed class InstructionSnapshots
{
    [Fact]
    public Task Arithmetic() => Verifier.Verify(Flat(a =>
    {
        a.mov(eax, 0x7FFFFFFF);
        a.add(eax, 1);
        a.adc(al, 0xFF);
        a.sub(ax, 0x0102);
        a.sbb(eax, eax);
        a.neg(eax);
        a.cmp(eax, 2);
        a.inc(eax);
        a.dec(al);
        a.mov(ecx, 0x12345678);
        a.imul(edx, ecx, 0x100);
        a.mul(ecx);
        a.mov(edx, 0);
        a.mov(ebx, 7);
        a.div(ebx);
    }));

    [Fact]
    public Task Shifts_and_bits() => Verifier.Verify(Flat(a =>
    {
        a.mov(eax, 0x80000001);
        a.shl(eax, 1);
        a.rcr(eax, 1);
        a.mov(cl, 4);
        a.sar(eax, cl);
        a.rol(ax, 8);
        a.mov(ebx, 0xF0F0F0F0);
        a.shld(eax, ebx, 8);
        a.bsf(edx, eax);
        a.bsr(edx, eax);
        a.bts(eax, edx);
        a.bt(eax, 3);
        a.bswap(eax);
        a.setc(al);
        a.cmovc(edx, ebx);
    }));

    [Fact]
    public Task Stack_and_calls() => Verifier.Verify(Flat(a =>
    {
        Label function = a.CreateLabel(), over = a.CreateLabel();
        a.push(0x11223344);
        a.pusha();
        a.popa();
        a.pop(eax);
        a.call(function);
        a.pushf();
        a.pop(edx);
        a.jmp(over);
        a.Label(ref function);
        a.enter(8, 0);
        a.mov(__dword_ptr[ebp - 4], eax);
        a.leave();
        a.ret();
        a.Label(ref over);
    }));

    [Fact]
    public Task Strings() => Verifier.Verify(Flat(a =>
    {
        a.mov(edi, 0x2000);
        a.mov(eax, 0x44434241);
        a.mov(ecx, 3);
        a.rep.stosd();
        a.mov(esi, 0x2000);
        a.mov(edi, 0x2021);
        a.mov(ecx, 5);
        a.rep.movsb();
        a.mov(edi, 0x2000);
        a.mov(ecx, 20);
        a.mov(al, 0x43);
        a.repne.scasb();
        a.std();
        a.lodsw();
        a.cld();
    }));

    [Fact]
    public Task Locked_operations() => Verifier.Verify(Flat(a =>
    {
        a.mov(ebx, 0x2000);
        a.mov(eax, 5);
        a.@lock.add(__dword_ptr[ebx], eax);
        a.@lock.xadd(__dword_ptr[ebx], eax);
        a.mov(ecx, 9);
        a.@lock.cmpxchg(__dword_ptr[ebx], ecx);
        a.@lock.cmpxchg(__dword_ptr[ebx], ecx);
        a.xchg(__dword_ptr[ebx + 4], ecx);
    }));

    /// <summary>An exception in real mode goes through the vector table; IRET comes back behind the faulting instruction, whose address the handler moved.</summary>
    [Fact]
    public Task Divide_error_in_real_mode() => Verifier.Verify(X86Run.Real(
        Assemble(16, X86Run.Origin, a =>
        {
            a.xor(cx, cx);
            a.mov(ax, 1000);
            a.div(cl);
        }),
        cpu =>
        {
            cpu.WriteMemory(0, [0x00, 0x11, 0x00, 0x00]);
            cpu.WriteMemory(0x1100, Assemble(16, 0x1100, a =>
            {
                a.mov(bp, sp);
                a.add(__word_ptr[bp], 2);
                a.iret();
            }, halt: false));
        }));

    /// <summary>Without a descriptor table for interrupts the first fault becomes a double and then a triple fault.</summary>
    [Fact]
    public Task Triple_fault() => Verifier.Verify(X86Run.Flat(
        Assemble(32, X86Run.Origin, a =>
        {
            a.lidt(__qword_ptr[0x2000]);
            a.ud2();
        })));

    private static string Flat(Action<Assembler> program) => X86Run.Flat(Assemble(32, X86Run.Origin, program));

    private static byte[] Assemble(int bits, uint origin, Action<Assembler> program, bool halt = true)
    {
        var assembler = new Assembler(bits);
        program(assembler);
        if (halt)
            assembler.hlt();
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), origin);
        return stream.ToArray();
    }
}
