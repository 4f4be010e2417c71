using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>Page faults: caught, repaired, or deadly.</summary>
internal static class PageFaultSection
{
    // Bits of the error code (Intel SDM volume 3, section 4.7).
    private const int Protection = 1;
    private const int Write = 2;
    private const int User = 4;

    private const uint HeapValue = 0x12345678;

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "4. Page faults",
            "CR2 holds the address; the error code says why: 1 = there but protected, 2 = a "
            + "write, 4 = from ring 3. The instruction had no effect and can be repeated.");
        c.call(k["forget_processes"]);
        UserProgram.Spawn(k, 1, UserProgram.Embed(k, EmitProgram));
        c.call(k["run_processes"]);

        Report.Say(k, "   - no handler: ");
        UserProgram.Spawn(k, 2, UserProgram.Embed(k, EmitVictim));
        c.call(k["run_processes"]);
        c.mov(eax, __dword_ptr[ProcessTable.Field(2, ProcessTable.State)]);
        Report.Check(k, ProcessState.Killed);

        EmitKernelWrite(k);
    }

    /// <summary>With CR0.WP not even the kernel may write to a read-only page.</summary>
    private static void EmitKernelWrite(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Say(k, "   - kernel writes A's code: ");
        c.mov(__dword_ptr[Variables.KernelResume], k.AddressOf("page_fault_resume"));
        c.mov(eax, __dword_ptr[ProcessTable.Field(1, ProcessTable.Cr3)]);
        c.mov(cr3, eax);
        c.xor(eax, eax);
        c.mov(__dword_ptr[Layout.UserCode], eax);
        k.Define("page_fault_resume");
        c.mov(ebx, Layout.KernelDirectory);
        c.mov(cr3, ebx);
        Report.Check(k, (Faults.PageFault << 16) | Protection | Write);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;
        UserProgram.ExpectFault(u, "reads the kernel", Faults.PageFault, Protection | User, i => i.mov(eax, __dword_ptr[Layout.Image]));
        UserProgram.ExpectFault(u, "writes its code", Faults.PageFault, Protection | Write | User, i => i.inc(__byte_ptr[Layout.UserCode]));
        UserProgram.ExpectFault(u, "jumps nowhere", Faults.PageFault, User, i =>
        {
            i.mov(eax, Layout.UserSecret);
            i.jmp(eax);
        });

        UserProgram.Say(u, "   - heap write: ");
        c.mov(__dword_ptr[Layout.UserHeap + 0x10], HeapValue);
        c.mov(esi, __dword_ptr[Layout.UserHeap + 0x10]);
        UserProgram.Say(u, "reads ");
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 8);
        c.mov(ebx, esi);
        UserProgram.Check(u, HeapValue);
        UserProgram.Exit(u, 0);
    }

    private static void EmitVictim(AssemblyUnit u)
    {
        u.Code.mov(__dword_ptr[Layout.UserSecret], eax);
        UserProgram.Exit(u, 0);
    }
}
