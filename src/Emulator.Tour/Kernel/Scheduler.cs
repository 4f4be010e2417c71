using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The context switch, round robin over the ready processes.</summary>
internal static class Scheduler
{
    /// <summary>Emits `start_processes`, `schedule` and `run_processes`.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;

        // The thread of control that runs here becomes number 0.
        k.Define("start_processes");
        c.mov(__dword_ptr[Variables.Current], ProcessTable.Address(0));
        c.mov(__dword_ptr[ProcessTable.Field(0, ProcessTable.State)], ProcessState.Running);
        c.mov(__dword_ptr[ProcessTable.Field(0, ProcessTable.KernelStackTop)], Layout.FirstKernelStackTop);
        c.mov(__dword_ptr[ProcessTable.Field(0, ProcessTable.Cr3)], Layout.KernelDirectory);
        c.ret();

        // Lets the processes run until none is ready, then comes back.
        k.Define("run_processes");
        c.pushfd();
        c.cli();
        c.call(k["schedule"]);
        c.popfd();
        c.ret();

        EmitSchedule(k);
    }

    private static void EmitSchedule(AssemblyUnit k)
    {
        var c = k.Code;

        // Gives the processor to the next ready process, or to number 0 when there is none; returns when the caller has its turn again.
        // Interrupts are off.
        k.Define("schedule");
        c.push(ebp);
        c.push(ebx);
        c.push(esi);
        c.push(edi);
        c.mov(esi, __dword_ptr[Variables.Current]);
        c.cmp(__dword_ptr[esi + ProcessTable.State], ProcessState.Running);
        c.jne(k["schedule.search"]);
        c.mov(__dword_ptr[esi + ProcessTable.State], ProcessState.Ready);

        k.Define("schedule.search");
        c.mov(edi, esi);
        c.mov(ecx, ProcessTable.Size - 1);
        k.Define("schedule.next");
        c.add(edi, ProcessTable.BlockSize);
        c.cmp(edi, ProcessTable.Address(ProcessTable.Size));
        c.jb(k["schedule.candidate"]);
        c.mov(edi, ProcessTable.Address(1));
        k.Define("schedule.candidate");
        c.cmp(__dword_ptr[edi + ProcessTable.State], ProcessState.Ready);
        c.je(k["schedule.switch"]);
        c.loop(k["schedule.next"]);
        c.mov(edi, ProcessTable.Address(0));

        // The switch itself: the stack, the stack for the next way in from ring 3, and the address space.
        k.Define("schedule.switch");
        c.mov(__dword_ptr[esi + ProcessTable.KernelEsp], esp);
        c.mov(__dword_ptr[Variables.Current], edi);
        c.mov(__dword_ptr[edi + ProcessTable.State], ProcessState.Running);
        c.mov(esp, __dword_ptr[edi + ProcessTable.KernelEsp]);
        c.mov(eax, __dword_ptr[edi + ProcessTable.KernelStackTop]);
        c.mov(__dword_ptr[Variables.Tss + 4], eax);
        c.mov(eax, __dword_ptr[edi + ProcessTable.Cr3]);
        c.mov(cr3, eax);
        c.pop(edi);
        c.pop(esi);
        c.pop(ebx);
        c.pop(ebp);
        c.ret();
    }
}
