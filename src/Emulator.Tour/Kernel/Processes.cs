using Emulator.Tour.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Emulator.Tour.Kernel;

/// <summary>Making processes.</summary>
internal static class Processes
{
    private const int InterruptsOn = 0x202;

    /// <summary>Words on a new process's kernel stack: four registers and a return address for `schedule`, and a whole frame.</summary>
    private const int FirstStackWords = 4 + 1 + 17;

    /// <summary>Emits `forget_processes` and `spawn`.</summary>
    public static void Emit(AssemblyUnit k)
    {
        var c = k.Code;

        // Takes back all frames and clears the shared page. No process may be ready.
        k.Define("forget_processes");
        c.pushad();
        c.mov(__dword_ptr[Variables.NextFrame], Layout.FreeFrames);
        c.mov(edi, Layout.SharedFrame);
        c.mov(ecx, Layout.PageSize / 4);
        c.xor(eax, eax);
        c.rep.stosd();
        c.popad();
        c.ret();

        // Makes process EAX (1 or 2) out of the program of ECX bytes at ESI.
        k.Define("spawn");
        c.pushad();
        c.imul(edi, eax, ProcessTable.BlockSize);
        c.add(edi, ProcessTable.Address(0));
        c.mov(__dword_ptr[edi + ProcessTable.Id], eax);
        c.mov(__dword_ptr[edi + ProcessTable.ExitCode], 0);
        c.mov(__dword_ptr[edi + ProcessTable.Resume], 0);
        c.imul(eax, eax, (int)Layout.KernelStackSize);
        c.add(eax, Layout.FirstKernelStackTop);
        c.mov(__dword_ptr[edi + ProcessTable.KernelStackTop], eax);
        c.call(k["new_address_space"]);
        c.mov(__dword_ptr[edi + ProcessTable.Cr3], eax);
        c.mov(edx, eax);
        EmitCopyProgram(k);
        EmitMapPages(k);
        EmitFirstStack(k);
        c.mov(__dword_ptr[edi + ProcessTable.State], ProcessState.Ready);
        c.popad();
        c.ret();
    }

    /// <summary>Copies the program into a frame of its own and maps it, read-only. EDX = directory.</summary>
    private static void EmitCopyProgram(AssemblyUnit k)
    {
        var c = k.Code;
        c.call(k["allocate_frame"]);
        c.push(edi);
        c.mov(edi, eax);
        c.rep.movsb();
        c.pop(edi);
        Map(k, Layout.UserCode, Paging.Present | Paging.User);
    }

    /// <summary>Maps the other pages of a process. EDX = directory, EDI = control block.</summary>
    private static void EmitMapPages(AssemblyUnit k)
    {
        const uint all = Paging.Present | Paging.Writable | Paging.User;

        var c = k.Code;
        c.call(k["allocate_frame"]);
        c.mov(ecx, __dword_ptr[edi + ProcessTable.Id]);
        c.add(ecx, 'A' - 1);
        c.mov(__dword_ptr[eax], ecx);       // a private page begins with the name of its owner
        Map(k, Layout.UserPrivate, all);

        c.call(k["allocate_frame"]);
        Map(k, Layout.UserStackTop - Layout.PageSize, all);

        c.mov(eax, Layout.ClockFrame);
        Map(k, Layout.UserClock, Paging.Present | Paging.User);

        c.mov(eax, Layout.SharedFrame);
        Map(k, Layout.UserShared, all);
    }

    /// <summary>Prepares the kernel stack as if the process had been interrupted before its first instruction. EDI = control block.</summary>
    private static void EmitFirstStack(AssemblyUnit k)
    {
        var c = k.Code;
        c.mov(esi, edi);
        c.mov(edi, __dword_ptr[esi + ProcessTable.KernelStackTop]);
        c.sub(edi, FirstStackWords * 4);
        c.mov(__dword_ptr[esi + ProcessTable.KernelEsp], edi);
        c.mov(ecx, FirstStackWords);
        c.xor(eax, eax);
        c.rep.stosd();
        c.mov(__dword_ptr[edi - 4], Selectors.UserData);           // SS
        c.mov(__dword_ptr[edi - 8], Layout.UserStackTop);          // ESP
        c.mov(__dword_ptr[edi - 12], InterruptsOn);                // EFLAGS
        c.mov(__dword_ptr[edi - 16], Selectors.UserCode);          // CS
        c.mov(__dword_ptr[edi - 20], Layout.UserCode);             // EIP
        c.mov(__dword_ptr[edi - 64], Selectors.UserData);          // DS
        c.mov(__dword_ptr[edi - 68], Selectors.UserData);          // ES
        c.mov(__dword_ptr[edi - 72], k.AddressOf("interrupt_return"));
        c.mov(edi, esi);
    }

    /// <summary>Maps the frame at EAX into the directory at EDX.</summary>
    private static void Map(AssemblyUnit k, uint address, uint flags)
    {
        var c = k.Code;
        c.lea(ecx, __[eax + (int)flags]);
        c.mov(eax, edx);
        c.mov(ebx, address);
        c.call(k["map_page"]);
    }
}
