using Emulator.Tour.Assembly;
using Emulator.Tour.Sections;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The kernel: start, the sections of the tour, the summary, and all routines.</summary>
internal static class KernelMain
{
    /// <summary>Name of the first instruction's label.</summary>
    public const string Entry = "start";

    private const byte Success = 0;
    private const byte Failure = 1;

    /// <summary>Emits the whole kernel.</summary>
    public static void Emit(AssemblyUnit k)
    {
        MultibootHeader.Emit(k);
        EmitStart(k);

        PrivilegeSection.Emit(k);
        SystemCallSection.Emit(k);
        AddressSpaceSection.Emit(k);
        PageFaultSection.Emit(k);
        TimerSection.Emit(k);
        AtomicsSection.Emit(k);
        InterruptFlagSection.Emit(k);
        PopfSection.Emit(k);

        EmitEnd(k);
        ConsoleRoutines.Emit(k);
        Gdt.Emit(k);
        Idt.Emit(k);
        TimerInterrupt.Emit(k);
        Paging.Emit(k);
        Scheduler.Emit(k);
        Processes.Emit(k);
        Faults.Emit(k);
        SystemCalls.Emit(k);
    }

    private static void EmitStart(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define(Entry);
        c.cli();
        c.cld();
        c.mov(esp, Layout.FirstKernelStackTop);
        c.mov(__dword_ptr[Variables.BootMagic], eax);
        c.call(k["load_gdt"]);
        c.call(k["load_idt"]);
        c.call(k["start_console"]);
        c.call(k["start_timer"]);
        c.call(k["start_paging"]);
        c.call(k["start_processes"]);
        Report.Colored(k, " The tour: what a 32-bit x86 processor does for an operating system            ", ConsoleRoutines.Title);
        Report.Say(k, "\n   Lines that observe something end in [ok] when it is what the manual says.\n");
    }

    private static void EmitEnd(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Colored(k, "\nThe tour is over: ", ConsoleRoutines.Bright);
        c.mov(eax, __dword_ptr[Variables.ChecksPassed]);
        Report.SayDecimal(k);
        Report.Say(k, " checks as the manual says, ");
        c.mov(eax, __dword_ptr[Variables.ChecksFailed]);
        Report.SayDecimal(k);
        Report.Say(k, " not.\n");
        c.mov(bl, Success);
        c.test(eax, eax);
        c.jz(k["end.exit"]);
        c.mov(bl, Failure);
        k.Define("end.exit");
        c.mov(al, bl);

        // Leaves the machine with AL through isa-debug-exit; where there is none, sleeps for good.
        k.Define("stop");
        c.mov(edx, Ports.DebugExit);
        c.@out(dx, al);
        c.cli();
        k.Define("stop.sleep");
        c.hlt();
        c.jmp(k["stop.sleep"]);
    }
}
