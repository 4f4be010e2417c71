using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>System calls through a trap gate.</summary>
internal static class SystemCallSection
{
    private const int UnknownCall = 99;
    private const uint Refused = 0xFFFFFFFF;
    private const uint InterruptFlag = 0x200;

    /// <summary>Error code of a fault that an IDT entry causes: the vector times 8, plus 2 for "the index is one of the IDT".</summary>
    private const int ErrorCodeOfVector21 = (0x21 * 8) + 2;

    /// <summary>Where the frame of process A's system call begins: 17 words below the top of its kernel stack.</summary>
    private const uint ExpectedFrame = Layout.FirstKernelStackTop + Layout.KernelStackSize - (17 * 4);

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        Report.Section(
            k,
            "2. System calls",
            "INT 80h goes through a trap gate that ring 3 may use: the processor takes CPL 0 "
            + "and a stack from the TSS, and keeps IF as it was. Other gates stay closed.");
        k.Code.call(k["forget_processes"]);
        UserProgram.Spawn(k, 1, UserProgram.Embed(k, EmitProgram));
        k.Code.call(k["run_processes"]);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;
        UserProgram.Call(u, SystemCall.Where);
        c.mov(esi, eax);
        c.mov(edi, ebx);
        c.mov(ebp, ecx);
        UserProgram.Say(u, "   - the kernel serves the call with CS=");
        c.mov(ebx, edi);
        UserProgram.SayHex(u, 4);
        c.mov(ebx, edi);
        UserProgram.Check(u, Selectors.KernelCode);

        UserProgram.Say(u, "   - on its own stack, where our registers lie at ");
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 8);
        c.mov(ebx, esi);
        UserProgram.Check(u, ExpectedFrame);

        UserProgram.Say(u, "   - with EFLAGS.IF still set");
        c.mov(ebx, ebp);
        c.and(ebx, InterruptFlag);
        UserProgram.Check(u, InterruptFlag);

        UserProgram.Say(u, "   - a result comes back in EAX: our process number is ");
        UserProgram.Call(u, SystemCall.GetId);
        c.mov(esi, eax);
        c.mov(ebx, eax);
        UserProgram.SayHex(u, 1);
        c.mov(ebx, esi);
        UserProgram.Check(u, 1);

        UserProgram.Say(u, "   - a pointer into the kernel is refused, and so is call 99");
        c.mov(ebx, Layout.Image);
        UserProgram.Call(u, SystemCall.Write);
        c.mov(esi, eax);
        c.mov(eax, UnknownCall);
        c.@int(Idt.SystemCallVector);
        c.and(esi, eax);
        c.mov(ebx, esi);
        UserProgram.Check(u, Refused);

        UserProgram.ExpectFault(u, "INT 21h, a gate of ring 0", Faults.GeneralProtection, ErrorCodeOfVector21, i => i.@int(0x21));
        UserProgram.Exit(u, 0);
    }
}
