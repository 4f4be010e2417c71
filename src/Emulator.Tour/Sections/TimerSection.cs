using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>Two processes that never give up the processor, and a timer that takes it.</summary>
internal static class TimerSection
{
    private const int Slices = 8;

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "5. Two processes and a timer",
            "A and B only spin and never give up the processor. At each tick (IRQ 0, 200 times a "
            + "second) the kernel saves one in its control block and resumes the other.");

        c.call(k["forget_processes"]);
        var program = UserProgram.Embed(k, EmitProgram);
        UserProgram.Spawn(k, 1, program);
        UserProgram.Spawn(k, 2, program);
        Report.Say(k, "   - who sees a new time slice: ");
        TimerInterrupt.EmitStartAtTick(k);
        c.call(k["run_processes"]);
        c.call(k["mask_timer"]);
        EmitCountTurns(k);
        Report.Check(k, (2 * Slices) - 1);
        EmitControlBlock(k, 1, 'A');
        EmitControlBlock(k, 2, 'B');
    }

    /// <summary>EAX = how often a letter in the shared page differs from the one before it.</summary>
    private static void EmitCountTurns(AssemblyUnit k)
    {
        var c = k.Code;
        c.xor(eax, eax);
        c.mov(esi, Layout.SharedFrame + 4);
        c.mov(ecx, (2 * Slices) - 1);
        k.Define("timer_section.letter");
        c.mov(dl, __byte_ptr[esi]);
        c.cmp(dl, __byte_ptr[esi + 1]);
        c.je(k["timer_section.same"]);
        c.inc(eax);
        k.Define("timer_section.same");
        c.inc(esi);
        c.loop(k["timer_section.letter"]);
    }

    private static void EmitControlBlock(AssemblyUnit k, int process, char name)
    {
        var c = k.Code;
        Report.Say(k, $"   - control block {name}: CR3=");
        Report.SayHex(k, __dword_ptr[ProcessTable.Field(process, ProcessTable.Cr3)], 8);
        Report.Say(k, ", kernel stack ");
        Report.SayHex(k, __dword_ptr[ProcessTable.Field(process, ProcessTable.KernelStackTop)], 8);
        Report.Say(k, ", exit code ");
        c.mov(eax, __dword_ptr[ProcessTable.Field(process, ProcessTable.ExitCode)]);
        Report.SayDecimal(k);
        Report.Check(k, Slices);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;
        c.xor(esi, esi);                                    // slices seen
        c.mov(edi, -1);                                     // the tick of the last one
        u.Define("spin");
        c.cmp(edi, __dword_ptr[Layout.UserClock]);
        c.je(u["spin"]);
        c.mov(edi, __dword_ptr[Layout.UserClock]);
        c.mov(ebx, __dword_ptr[Layout.UserPrivate]);        // our letter
        c.mov(eax, 1);
        c.@lock.xadd(__dword_ptr[Layout.UserShared], eax);
        c.mov(__byte_ptr[eax + (int)(Layout.UserShared + 4)], bl);
        UserProgram.Call(u, SystemCall.WriteChar);
        c.inc(esi);
        c.cmp(esi, Slices);
        c.jb(u["spin"]);
        c.mov(ebx, esi);
        UserProgram.Call(u, SystemCall.Exit);
    }
}
