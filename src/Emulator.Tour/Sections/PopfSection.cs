using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>What POPF does to IF in either ring: the instruction that kept x86 from being virtualizable.</summary>
internal static class PopfSection
{
    private const int InterruptFlag = 0x200;
    private const int IoPrivilegeLevel = 0x3000;
    private const int MachineStatusWord = 0x0011;

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "8. POPF in ring 3",
            "POPF may not change IF there, and does not say so: no change, no fault. A monitor "
            + "that runs a kernel in ring 3 never learns of it (Popek and Goldberg, 1974).");

        Report.Say(k, "   - ring 0: POPF with IF clear leaves IF=");
        c.sti();
        EmitClearInterruptFlag(k);
        c.cli();
        EmitShowFlag(k);
        Report.Check(k, 0);

        c.call(k["forget_processes"]);
        UserProgram.Spawn(k, 1, UserProgram.Embed(k, EmitProgram));
        c.call(k["run_processes"]);
    }

    /// <summary>EBX = IF after POPF was told to clear it.</summary>
    private static void EmitClearInterruptFlag(AssemblyUnit unit)
    {
        var c = unit.Code;
        c.pushfd();
        c.and(__dword_ptr[esp], ~InterruptFlag);
        c.popfd();
        c.pushfd();
        c.pop(ebx);
        c.shr(ebx, 9);
        c.and(ebx, 1);
    }

    private static void EmitShowFlag(AssemblyUnit k)
    {
        k.Code.mov(eax, ebx);
        Report.SayHex(k, 1);
        k.Code.mov(eax, ebx);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;
        UserProgram.Say(u, "   - ring 3: POPF with IF clear leaves IF=");
        EmitClearInterruptFlag(u);
        c.mov(esi, ebx);
        UserProgram.SayHex(u, 1);
        c.mov(ebx, esi);
        UserProgram.Check(u, 1);

        UserProgram.Say(u, "   - ring 3: POPF with IOPL=3 leaves IOPL=");
        c.pushfd();
        c.or(__dword_ptr[esp], IoPrivilegeLevel);
        c.popfd();
        c.pushfd();
        c.pop(esi);
        c.shr(esi, 12);
        c.and(esi, 3);
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 1);
        c.mov(ebx, esi);
        UserProgram.Check(u, 0);

        UserProgram.Say(u, "   - ring 3: SMSW reads CR0 without asking: ");
        c.smsw(esi);
        c.and(esi, 0xFFFF);
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 4);
        c.mov(ebx, esi);
        UserProgram.Check(u, MachineStatusWord);

        UserProgram.ExpectFault(u, "ring 3: CLI does fault", Faults.GeneralProtection, 0, i => i.cli());
        UserProgram.Exit(u, 0);
    }
}
