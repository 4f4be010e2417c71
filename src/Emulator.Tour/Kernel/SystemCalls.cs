using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>The service routines behind INT 80h. They find the caller's registers in the frame at EBP.</summary>
internal static class SystemCalls
{
    /// <summary>Emits `handle_system_call` and a routine per <see cref="SystemCall"/>.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var calls = Enum.GetNames<SystemCall>();
        var table = k.Data.AddWords([.. calls.Select(name => k.AddressOf("call_" + name))]);

        var c = k.Code;
        k.Define("handle_system_call");
        c.mov(eax, __dword_ptr[ebp + Frame.Eax]);
        c.mov(ebx, __dword_ptr[ebp + Frame.Ebx]);
        c.mov(ecx, __dword_ptr[ebp + Frame.Ecx]);
        c.cmp(eax, calls.Length);
        c.jae(k["call_refused"]);
        c.call(__dword_ptr[(eax * 4) + (int)table]);
        c.mov(__dword_ptr[ebp + Frame.Eax], eax);
        c.ret();
        k.Define("call_refused");
        c.mov(__dword_ptr[ebp + Frame.Eax], -1);
        c.ret();

        EmitConsoleCalls(k);
        EmitProcessCalls(k);
    }

    private static void EmitConsoleCalls(AssemblyUnit k)
    {
        var c = k.Code;
        Begin(k, SystemCall.Write);
        c.mov(eax, -1);
        c.cmp(ebx, Layout.UserCode);        // a pointer of ring 3 that leads into the kernel is not followed
        c.jb(k["call_Write.end"]);
        c.cmp(ebx, Layout.UserEnd);
        c.jae(k["call_Write.end"]);
        c.mov(esi, ebx);
        c.call(k["put_string"]);
        c.xor(eax, eax);
        k.Define("call_Write.end");
        c.ret();

        Begin(k, SystemCall.WriteHex);
        c.mov(eax, ebx);
        c.call(k["put_hex"]);
        c.ret();

        Begin(k, SystemCall.WriteChar);
        c.mov(eax, ebx);
        c.call(k["put_char"]);
        c.ret();

        Begin(k, SystemCall.Check);
        c.mov(eax, ebx);
        c.mov(edx, ecx);
        c.call(k["put_check"]);
        c.ret();
    }

    private static void EmitProcessCalls(AssemblyUnit k)
    {
        var c = k.Code;
        Begin(k, SystemCall.Exit);
        c.cli();
        c.mov(esi, __dword_ptr[Variables.Current]);
        c.mov(__dword_ptr[esi + ProcessTable.State], ProcessState.Exited);
        c.mov(__dword_ptr[esi + ProcessTable.ExitCode], ebx);
        c.jmp(k["schedule"]);               // and never comes back

        Begin(k, SystemCall.GetId);
        c.mov(eax, __dword_ptr[Variables.Current]);
        c.mov(eax, __dword_ptr[eax + ProcessTable.Id]);
        c.ret();

        Begin(k, SystemCall.Yield);
        c.cli();
        c.call(k["schedule"]);
        c.sti();
        c.xor(eax, eax);
        c.ret();

        Begin(k, SystemCall.OnFault);
        c.mov(esi, __dword_ptr[Variables.Current]);
        c.mov(__dword_ptr[esi + ProcessTable.Resume], ebx);
        c.xor(eax, eax);
        c.ret();

        Begin(k, SystemCall.Where);
        c.pushfd();
        c.pop(ecx);
        c.mov(__dword_ptr[ebp + Frame.Ecx], ecx);
        c.xor(ebx, ebx);
        c.mov(ebx, cs);
        c.mov(__dword_ptr[ebp + Frame.Ebx], ebx);
        c.mov(eax, ebp);
        c.ret();
    }

    private static void Begin(AssemblyUnit k, SystemCall call) => k.Define("call_" + call);
}
