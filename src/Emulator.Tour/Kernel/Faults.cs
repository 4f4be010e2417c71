using System.Text;
using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>Exceptions: reported on the console, then the process continues where it asked to, gets a page, or is killed.</summary>
internal static class Faults
{
    public const int InvalidOpcode = 6;
    public const int GeneralProtection = 13;
    public const int PageFault = 14;

    private static readonly string[] Names =
    [
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#9 ", "#TS", "#NP", "#SS", "#GP", "#PF", "#15",
        "#MF", "#AC", "#MC", "#XM", "#20", "#21", "#22", "#23", "#24", "#25", "#26", "#27", "#28", "#29", "#30", "#31",
    ];

    /// <summary>Emits `handle_exception`.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("handle_exception");
        c.mov(edi, cr2);                    // before another page fault can change it
        c.mov(esi, __dword_ptr[Variables.Current]);
        EmitReport(k);
        EmitDemandPaging(k);
        EmitResume(k);
        EmitKernelFault(k);
    }

    /// <summary>Prints, say, <c>#PF(0005) CR2=00100000 at 001B:00400041</c>.</summary>
    private static void EmitReport(AssemblyUnit k)
    {
        var names = k.Data.Add(Encoding.ASCII.GetBytes(string.Concat(Names.Select(name => name + "\0"))), 4);
        var c = k.Code;
        c.push(esi);
        c.mov(eax, __dword_ptr[ebp + Frame.Vector]);
        c.lea(esi, __[(eax * 4) + (int)names]);
        c.call(k["put_string"]);
        c.pop(esi);
        c.mov(ecx, __dword_ptr[ebp + Frame.Vector]);
        c.mov(eax, Idt.VectorsWithErrorCode);
        c.bt(eax, ecx);
        c.jnc(k["handle_exception.where"]);
        Report.Say(k, "(");
        Report.SayHex(k, __dword_ptr[ebp + Frame.ErrorCode], 4);
        Report.Say(k, ")");
        c.cmp(__dword_ptr[ebp + Frame.Vector], PageFault);
        c.jne(k["handle_exception.where"]);
        Report.Say(k, " CR2=");
        c.mov(eax, edi);
        Report.SayHex(k, 8);
    }

    /// <summary>A process that touches an empty page of its heap gets one, and the instruction is executed again.</summary>
    private static void EmitDemandPaging(AssemblyUnit k)
    {
        var c = k.Code;
        c.test(__dword_ptr[ebp + Frame.Cs], 3);
        c.jz(k["handle_exception.where"]);
        c.cmp(edi, Layout.UserHeap);
        c.jb(k["handle_exception.where"]);
        c.cmp(edi, Layout.UserHeapEnd);
        c.jae(k["handle_exception.where"]);
        c.call(k["allocate_frame"]);
        c.lea(ecx, __[eax + (int)(Paging.Present | Paging.Writable | Paging.User)]);
        c.mov(ebx, edi);
        c.mov(eax, __dword_ptr[esi + ProcessTable.Cr3]);
        c.call(k["map_page"]);
        Report.Say(k, ", page given; ");
        c.ret();
    }

    private static void EmitResume(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("handle_exception.where");
        Report.Say(k, " at ");
        Report.SayHex(k, __dword_ptr[ebp + Frame.Cs], 4);
        Report.Say(k, ":");
        Report.SayHex(k, __dword_ptr[ebp + Frame.Eip], 8);
        c.test(__dword_ptr[ebp + Frame.Cs], 3);
        c.jz(k["handle_exception.kernel"]);

        c.cmp(__dword_ptr[esi + ProcessTable.Resume], 0);
        c.je(k["handle_exception.kill"]);
        c.xor(eax, eax);
        c.xchg(__dword_ptr[esi + ProcessTable.Resume], eax);
        EmitContinueAtEax(k);

        k.Define("handle_exception.kill");
        Report.Say(k, ", killed");
        c.mov(__dword_ptr[esi + ProcessTable.State], ProcessState.Killed);
        c.mov(eax, __dword_ptr[ebp + Frame.Vector]);
        c.mov(__dword_ptr[esi + ProcessTable.ExitCode], eax);
        c.jmp(k["schedule"]);               // and never comes back
    }

    /// <summary>A fault of the kernel: expected when `kernel_resume` is set, else the end.</summary>
    private static void EmitKernelFault(AssemblyUnit k)
    {
        var c = k.Code;
        k.Define("handle_exception.kernel");
        c.xor(eax, eax);
        c.xchg(__dword_ptr[Variables.KernelResume], eax);
        c.test(eax, eax);
        c.jz(k["panic"]);
        EmitContinueAtEax(k);

        k.Define("panic");
        Report.Say(k, "\nThe kernel did not expect this.\n");
        c.mov(al, 2);
        c.jmp(k["stop"]);
    }

    /// <summary>The interrupted code goes on at EAX, and finds vector and error code in its EAX: vector * 65536 + error code.</summary>
    private static void EmitContinueAtEax(AssemblyUnit k)
    {
        var c = k.Code;
        c.mov(__dword_ptr[ebp + Frame.Eip], eax);
        c.mov(eax, __dword_ptr[ebp + Frame.Vector]);
        c.shl(eax, 16);
        c.or(eax, __dword_ptr[ebp + Frame.ErrorCode]);
        c.mov(__dword_ptr[ebp + Frame.Eax], eax);
        c.ret();
    }
}
