using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>IF: a tick that comes while it is clear waits in the interrupt controller.</summary>
internal static class InterruptFlagSection
{
    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "7. CLI, STI and the timer",
            "While IF is clear a tick waits in the interrupt controller: one, even if more come. "
            + "STI lets it through, but only after the instruction that follows STI.");

        c.sti();
        c.call(k["unmask_timer"]);
        c.mov(ebx, __dword_ptr[Variables.Ticks]);
        c.call(k["wait_tick"]);
        c.call(k["wait_tick"]);
        c.call(k["wait_tick"]);
        c.cli();
        Report.Say(k, "   - IF=1: HLT woke up for 3 ticks");
        c.mov(eax, __dword_ptr[Variables.Ticks]);
        c.sub(eax, ebx);
        Report.Check(k, 3);

        // The console takes long enough for ticks to come: start from a clean slate.
        c.sti();
        c.call(k["wait_tick"]);
        c.cli();
        c.mov(ebx, __dword_ptr[Variables.Ticks]);
        k.Define("interrupt_flag.wait");
        c.call(k["read_requests"]);
        c.test(eax, 1);
        c.jz(k["interrupt_flag.wait"]);
        c.mov(esi, eax);
        c.mov(edi, __dword_ptr[Variables.Ticks]);

        c.sti();
        c.cli();
        c.mov(ecx, __dword_ptr[Variables.Ticks]);
        c.sti();
        c.nop();
        c.cli();
        c.mov(edx, __dword_ptr[Variables.Ticks]);
        c.call(k["mask_timer"]);

        c.sub(edi, ebx);
        c.sub(ecx, ebx);
        c.sub(edx, ebx);
        c.push(edx);
        c.push(ecx);
        c.push(edi);
        Report.Say(k, "   - CLI: the controller's request register reads ");
        c.mov(eax, esi);
        Report.SayHex(k, 2);
        c.mov(eax, esi);
        Report.Check(k, 1);
        EmitCount(k, "     and the ticks that arrived are ", 0);
        EmitCount(k, "   - STI and CLI at once leave no gap, ticks: ", 0);
        EmitCount(k, "   - STI, NOP, CLI let it through, ticks: ", 1);
    }

    private static void EmitCount(AssemblyUnit k, string text, uint expected)
    {
        Report.Say(k, text);
        k.Code.pop(eax);
        Report.SayDecimal(k);
        Report.Check(k, expected);
    }
}
