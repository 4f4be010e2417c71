using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>Rings 0 and 3.</summary>
internal static class PrivilegeSection
{
    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "1. Rings 0 and 3",
            "The low two bits of CS are the current privilege level (CPL): 0 may do anything, "
            + "3 is for programs. What a program may not do raises #GP, and the kernel decides.");

        Report.Say(k, "   - the loader left EAX=");
        Report.SayHex(k, __dword_ptr[Variables.BootMagic], 8);
        Report.Check(k, TourImage.BootMagic);

        Report.Say(k, "   - kernel: CS=");
        c.xor(eax, eax);
        c.mov(eax, cs);
        Report.SayHex(k, 4);
        Report.Say(k, ", so CPL=0; it may read CR0=");
        c.mov(eax, cr0);
        Report.SayHex(k, 8);
        Report.Check(k, Paging.Cr0);

        c.call(k["forget_processes"]);
        UserProgram.Spawn(k, 1, UserProgram.Embed(k, EmitProgram));
        c.call(k["run_processes"]);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;
        UserProgram.Say(u, "   - program: CS=");
        c.xor(ebx, ebx);
        c.mov(ebx, cs);
        UserProgram.SayHex(u, 4);
        UserProgram.Say(u, ", so CPL=3");
        c.mov(ebx, cs);
        UserProgram.Check(u, Selectors.UserCode);

        const int protection = Faults.GeneralProtection;
        UserProgram.ExpectFault(u, "program: CLI", protection, 0, i => i.cli());
        UserProgram.ExpectFault(u, "program: HLT", protection, 0, i => i.hlt());
        UserProgram.ExpectFault(u, "program: MOV EAX,CR0", protection, 0, i => i.mov(eax, cr0));
        UserProgram.ExpectFault(u, "program: OUT 20h,AL", protection, 0, i => i.@out(Ports.Pic1Command, al));
        UserProgram.ExpectFault(u, "program: kernel data into ES", protection, Selectors.KernelData, i =>
        {
            i.mov(eax, Selectors.KernelData);
            i.mov(es, eax);
        });
        UserProgram.Exit(u, 0);
    }
}
