using Emulator.Tour.Assembly;
using Emulator.Tour.Kernel;
using Emulator.Tour.User;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Sections;

/// <summary>Two address spaces, told apart by CR3.</summary>
internal static class AddressSpaceSection
{
    private const uint Secret = 0x5EC2E700;

    /// <summary>Emits the section.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        Report.Section(
            k,
            "3. Separate address spaces",
            "CR3 names the page directory. Processes A and B run the same program at the same "
            + "addresses, but each sees memory of its own.");

        c.call(k["forget_processes"]);
        var program = UserProgram.Embed(k, EmitProgram);
        UserProgram.Spawn(k, 1, program);
        UserProgram.Spawn(k, 2, program);

        // One page more for A alone.
        c.call(k["allocate_frame"]);
        c.mov(__dword_ptr[eax], Secret);
        c.lea(ecx, __[eax + (int)(Paging.Present | Paging.Writable | Paging.User)]);
        c.mov(eax, __dword_ptr[ProcessTable.Field(1, ProcessTable.Cr3)]);
        c.mov(ebx, Layout.UserSecret);
        c.call(k["map_page"]);

        c.call(k["run_processes"]);
        EmitLookFromKernel(k, 1, 'A');
        EmitLookFromKernel(k, 2, 'B');
    }

    /// <summary>The kernel takes a process's CR3 and reads the same virtual address.</summary>
    private static void EmitLookFromKernel(AssemblyUnit k, int process, char name)
    {
        var c = k.Code;
        Report.Say(k, $"   - kernel with {name}'s CR3=");
        Report.SayHex(k, __dword_ptr[ProcessTable.Field(process, ProcessTable.Cr3)], 8);
        c.mov(cr3, eax);
        c.mov(ebx, __dword_ptr[Layout.UserPrivate]);
        c.mov(eax, Layout.KernelDirectory);
        c.mov(cr3, eax);
        Report.Say(k, " reads ");
        c.mov(eax, ebx);
        Report.SayHex(k, 8);
        Report.Say(k, " at 00402000");
        c.mov(eax, ebx);
        Report.Check(k, name * 0x01010101u);
    }

    private static void EmitProgram(AssemblyUnit u)
    {
        var c = u.Code;

        // Fill the word with our own letter, add one to a page that both have, and let the other run.
        c.imul(edi, __dword_ptr[Layout.UserPrivate], 0x01010101);
        c.mov(__dword_ptr[Layout.UserPrivate], edi);
        c.inc(__dword_ptr[Layout.UserShared]);
        UserProgram.Call(u, SystemCall.Yield);

        UserProgram.Say(u, "   - process ");
        c.mov(ebx, edi);
        UserProgram.Call(u, SystemCall.WriteChar);
        UserProgram.Say(u, " wrote its letter to 00402000 and later reads ");
        c.mov(esi, __dword_ptr[Layout.UserPrivate]);
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 8);
        c.mov(ebx, esi);
        c.mov(ecx, edi);
        UserProgram.Call(u, SystemCall.Check);

        UserProgram.Call(u, SystemCall.GetId);
        c.cmp(eax, 2);
        c.je(u["second"]);

        UserProgram.Say(u, "   - A and B each added 1 to a page both have at 00501000: ");
        c.mov(esi, __dword_ptr[Layout.UserShared]);
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 1);
        c.mov(ebx, esi);
        UserProgram.Check(u, 2);
        UserProgram.Say(u, "   - A reads the page at 00700000 that only A has: ");
        c.mov(esi, __dword_ptr[Layout.UserSecret]);
        c.mov(ebx, esi);
        UserProgram.SayHex(u, 8);
        c.mov(ebx, esi);
        UserProgram.Check(u, Secret);
        UserProgram.Exit(u, 0);

        u.Define("second");
        UserProgram.ExpectFault(u, "B tries the same", Faults.PageFault, 4, i => i.mov(eax, __dword_ptr[Layout.UserSecret]));
        UserProgram.Exit(u, 0);
    }
}
